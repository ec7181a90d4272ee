import { createHash } from "node:crypto";
import { OperatorError } from "./errors/operator-error.ts";

interface NameRule {
  /** Longest name, in characters. */
  readonly longest: number;
  readonly pattern: RegExp;
  /** The pattern in words, for the operator. */
  readonly allowed: string;
}

const dnsLabel: NameRule = {
  longest: 63,
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  allowed: "lower-case letters, digits and dashes, beginning with a letter and not ending with a dash",
};
const openStackName: NameRule = {
  longest: 255,
  pattern: /^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$/,
  allowed: "letters, digits, dashes, underscores and dots, beginning and ending with a letter or a digit",
};
const vaultPathPart: NameRule = {
  longest: 128,
  pattern: /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/,
  allowed: "lower-case letters, digits, dashes and underscores, beginning and ending with a letter or a digit",
};

/**
 * The limits of every kind of thing that the platform names in another system.
 *
 * Where a system allows more (a Kubernetes ConfigMap has 253 characters), the table keeps to what every user of the
 * name allows: a name is soon a label value or a part of a DNS name as well.
 */
const rules = {
  /** RFC 1035 label, so that a Service and a namespace may carry it. */
  kubernetesObject: dnsLabel,
  /** A namespace is also a Juju model, see jujuModel. */
  kubernetesNamespace: dnsLabel,
  /** Helm appends suffixes and therefore stops at 53 (Helm, `chartutil.ValidateReleaseName`). */
  helmRelease: { ...dnsLabel, longest: 53 },
  /** Juju makes a namespace of the same name. */
  jujuModel: dnsLabel,
  /** Juju makes `<application>-operator` and `<application>-endpoints`; no digit may follow the last dash (`juju/names`). */
  jujuApplication: {
    longest: 50,
    pattern: /^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$/,
    allowed: "lower-case words, each with a letter in it, joined by dashes",
  },
  jujuOffer: dnsLabel,
  vaultMount: vaultPathPart,
  /** One part of a path below a mount, such as the application in `kv/data/<layer>/<app>`. */
  vaultPathPart,
  vaultPolicy: vaultPathPart,
  vaultRole: vaultPathPart,
  /** PostgreSQL cuts identifiers at 63 bytes, silently. */
  postgresIdentifier: {
    longest: 63,
    pattern: /^[a-z][_a-z0-9]*$/,
    allowed: "lower-case letters, digits and underscores, beginning with a letter",
  },
  oauthClient: { ...vaultPathPart, longest: 63 },
  gitlabPath: {
    longest: 255,
    pattern: /^[A-Za-z0-9]([-_.]?[A-Za-z0-9])*$/,
    allowed: "letters and digits, single dashes, underscores and dots between them",
  },
  openStackServer: { ...openStackName, longest: 63 },
  openStackNetwork: openStackName,
  openStackVolume: openStackName,
} as const satisfies Record<string, NameRule>;

/** A kind of thing that has a row in the table of limits. */
export type NameKind = keyof typeof rules;

const hashLength = 6;

function shortened(name: string, longest: number, separator: string): string {
  if (name.length <= longest) {
    return name;
  }
  // A word of digits alone is not allowed everywhere, so the hash is led by a letter.
  const tail = `${separator}h${createHash("sha256").update(name).digest("hex").slice(0, hashLength)}`;
  return name.slice(0, longest - tail.length).replace(/[-_.]+$/, "") + tail;
}

/**
 * The name of a thing in the system that holds it: the parts joined, cut to what its kind allows.
 *
 * A name that is too long keeps its beginning and ends in a hash of the whole, so two long names stay two names.
 *
 * @param kind - row of the table of limits
 * @throws Error when the kind has no row: add it, with the source of its limit
 * @throws OperatorError when a part has a character that the kind does not allow
 */
export function physicalName(kind: NameKind, ...parts: readonly string[]): string {
  if (!Object.hasOwn(rules, kind)) {
    throw new Error(`no limits are known for names of kind "${kind}": add a row to components/names.ts`);
  }
  const rule: NameRule = rules[kind];
  const separator = kind === "postgresIdentifier" ? "_" : "-";
  const whole = parts.join(separator);
  if (!rule.pattern.test(whole)) {
    throw new OperatorError({
      what: `"${whole}" cannot be the name of a ${kind}`,
      where: `name of a ${kind}`,
      remedy: `use ${rule.allowed}; at most ${rule.longest} characters are kept`,
    });
  }
  return shortened(whole, rule.longest, separator);
}
