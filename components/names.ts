import { createHash } from "node:crypto";
import { OperatorError } from "./errors/operator-error.ts";

interface NameRule {
  /** Longest name, in characters. */
  readonly longest: number;
  readonly pattern: RegExp;
  /** The pattern in words, for messages. */
  readonly allowed: string;
}

const dnsLabel: NameRule = {
  longest: 63,
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  allowed: "lower-case letters, digits and dashes, starting with a letter and not ending with a dash",
};
const vaultPathPart: NameRule = {
  longest: 128,
  pattern: /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/,
  allowed: "lower-case letters, digits, dashes and underscores, starting and ending with a letter or a digit",
};

/**
 * Limits of the names that the platform gives to things in other systems, by the kind of thing.
 *
 * A kind has the strictest limit of all uses of its names. A Kubernetes ConfigMap may have a name of 253 characters, but
 * names of Kubernetes objects are also label values and parts of DNS names, which have at most 63.
 */
const rules = {
  /** A label of RFC 1035, which is allowed for a Service too. */
  kubernetesObject: dnsLabel,
  kubernetesNamespace: dnsLabel,
  /** Helm appends suffixes, so it allows 53 characters (Helm, `chartutil.ValidateReleaseName`). */
  helmRelease: { ...dnsLabel, longest: 53 },
  /** One part of a path below a mount, such as the application in `kv/data/<layer>/<app>`. */
  vaultPathPart,
  vaultPolicy: vaultPathPart,
  vaultRole: vaultPathPart,
  /** PostgreSQL truncates identifiers to 63 bytes without an error. */
  postgresIdentifier: {
    longest: 63,
    pattern: /^[a-z][_a-z0-9]*$/,
    allowed: "lower-case letters, digits and underscores, starting with a letter",
  },
  oauthClient: { ...vaultPathPart, longest: 63 },
} as const satisfies Record<string, NameRule>;

/** A kind of thing in the table of limits. */
export type NameKind = keyof typeof rules;

const hashLength = 6;

function shortened(name: string, longest: number, separator: string): string {
  if (name.length <= longest) {
    return name;
  }
  // Some systems refuse a part that has only digits, so a letter precedes the hash.
  const tail = `${separator}h${createHash("sha256").update(name).digest("hex").slice(0, hashLength)}`;
  return name.slice(0, longest - tail.length).replace(/[-_]+$/, "") + tail;
}

/**
 * The name of a thing in another system: the joined parts, shortened to the limit of the kind.
 *
 * A name that is too long keeps its beginning and gets a hash of the whole name at its end, so that two different long
 * names stay different.
 *
 * @param kind - entry of the table of limits
 * @throws Error when the table has no such kind: add it, with the source of its limit
 * @throws OperatorError when the name has a character that the kind does not allow
 */
export function physicalName(kind: NameKind, ...parts: readonly string[]): string {
  if (!Object.hasOwn(rules, kind)) {
    throw new Error(`names of kind "${kind}" have no limits: add the kind to components/names.ts`);
  }
  const rule: NameRule = rules[kind];
  const separator = kind === "postgresIdentifier" ? "_" : "-";
  const whole = parts.join(separator);
  if (!rule.pattern.test(whole)) {
    throw new OperatorError({
      what: `"${whole}" cannot be the name of a ${kind}`,
      where: `name of a ${kind}`,
      remedy: `use ${rule.allowed}; a name longer than ${rule.longest} characters is shortened`,
    });
  }
  return shortened(whole, rule.longest, separator);
}
