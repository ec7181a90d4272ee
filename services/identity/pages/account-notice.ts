import type { Identity } from "@ory/kratos-client-fetch";
import type { FastifyBaseLogger } from "fastify";
import { say, type TextName } from "../texts/texts.ts";
import { answerOr, Refused } from "./answers.ts";
import { personOf, sessionOf } from "./person.ts";
import type { Services } from "./services.ts";

/** The credentials whose change a person learns by mail, as Kratos names them, and the text about each. */
const watched = [
  ["password", "notice.password"],
  ["totp", "notice.totp"],
  ["lookup_secret", "notice.lookup_secret"],
] as const satisfies readonly (readonly [credential: string, text: TextName])[];

/** Tells a person by mail that the account changed. The mail is in both languages, as those of Kratos are. */
async function tell(to: string, text: TextName, { sendMail }: Services): Promise<void> {
  const lines = [say("fr", text), say("fr", "notice.notYou"), say("en", text), say("en", "notice.notYou")];
  const subject = `${say("fr", "notice.subject")} · ${say("en", "notice.subject")}`;
  await sendMail({ to, subject, text: `${lines.join("\n\n")}\n` });
}

/** Tells a person by mail. A mail that nobody accepts does not undo the change: the operator sees the error in the log. */
async function tellOrLog(to: string, text: TextName, services: Services, log: FastifyBaseLogger): Promise<void> {
  await tell(to, text, services).catch((error: unknown) => {
    log.error({ error, notice: text }, "a person did not get the mail about a change of the account");
  });
}

/** Sends a mail to the previous address of an account: the account has another address now. */
export const tellFormerAddress = (former: string, services: Services, log: FastifyBaseLogger): Promise<void> =>
  tellOrLog(former, "notice.address", services, log);

function changeOf({ credentials }: Identity, credential: string): number | undefined {
  return credentials?.[credential]?.updated_at?.getTime();
}

async function ownerOf(cookie: string | undefined, services: Services): Promise<Identity | undefined> {
  const session = await sessionOf(services, cookie);
  if (session instanceof Refused || session.identity === undefined) {
    return undefined;
  }
  // The identity of a session has no credentials.
  const identity = await answerOr([404], () => services.identities.getIdentity({ id: session.identity?.id ?? "" }));
  return identity instanceof Refused ? undefined : identity;
}

/**
 * Runs a request that may change credentials of the person who is signed in, and tells the person what changed.
 *
 * @param cookie - cookies of the browser
 */
export async function tellingChanges<T>(
  cookie: string | undefined,
  services: Services,
  log: FastifyBaseLogger,
  act: () => Promise<T>,
): Promise<T> {
  const before = await ownerOf(cookie, services);
  const result = await act();
  if (before !== undefined) {
    const after = await services.identities.getIdentity({ id: before.id });
    const changed = watched.filter(([credential]) => changeOf(before, credential) !== changeOf(after, credential));
    await Promise.all(changed.map(([, text]) => tellOrLog(personOf(before).email, text, services, log)));
  }
  return result;
}
