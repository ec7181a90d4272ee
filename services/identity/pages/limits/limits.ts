import { Limit } from "./limit.ts";
import { kinds, rules, scopes, type Kind, type Scope } from "./rules.ts";

/** A try to guess something, or a request for a mail. */
export interface Guess {
  readonly kind: Kind;
  /** The client, as `clientOf` gives it. */
  readonly client: string;
  /** Address of the account, in lower case. It may have no account. Undefined when no address is known. */
  readonly account: string | undefined;
  /** Id of a browser in which the person has signed in to the account before. */
  readonly browser: string | undefined;
}

/** The guess must not be made. */
export class Limited {
  /** The limit that is used up, such as `password.account`. */
  readonly limit: string;
  /** Time to wait. */
  readonly seconds: number;
  /** Whether it is the first such guess in ten minutes, which the operator learns. */
  readonly isNew: boolean;

  constructor(limit: string, seconds: number, isNew: boolean) {
    this.limit = limit;
    this.seconds = seconds;
    this.isNew = isNew;
  }
}

/** A guess that is counted. */
export interface Counted {
  /** The guess was right: it does not count. */
  giveBack(): Promise<void>;
}

/** A counter of a guess. */
type Counter = readonly [scope: Scope, key: string];

/**
 * Where a guess is counted. The guesses of strangers do not count in a known browser, so they do not keep its person out. The
 * client comes first: one over its limit gets no counters for the addresses that it makes up.
 */
function countersOf({ client, account, browser }: Guess): Counter[] {
  if (account === undefined) {
    return [["client", client]];
  }
  return browser === undefined
    ? [
        ["client", client],
        ["account", account],
        ["pair", `${client} ${account}`],
      ]
    : [
        ["browser", browser],
        ["browsers", account],
      ];
}

/** The limits of one replica. The counters are in its memory. */
export class Limits {
  readonly #limits: ReadonlyMap<string, Limit>;
  readonly #reports = new Limit([{ tries: 1, seconds: 600 }]);

  constructor(replicas: number) {
    this.#limits = new Map(
      kinds.flatMap((kind) =>
        scopes.map((scope): [string, Limit] => [`${kind}.${scope}`, new Limit(rules[kind][scope], replicas)]),
      ),
    );
  }

  /** Counts a guess before it is made, so that guesses at the same time count too. */
  async take(guess: Guess): Promise<Counted | Limited> {
    const counted: (() => Promise<void>)[] = [];
    const giveBack = async (): Promise<void> => {
      await Promise.all(counted.map((each) => each()));
    };
    for (const [scope, key] of countersOf(guess)) {
      const name = `${guess.kind}.${scope}`;
      const limit = this.#limits.get(name);
      const wait = await limit?.take(key);
      if (wait !== undefined) {
        await giveBack();
        return new Limited(name, wait, (await this.#reports.take(`${name} ${key}`)) === undefined);
      }
      counted.push(async () => limit?.giveBack(key));
    }
    return { giveBack };
  }
}
