import { physicalName } from "../../names.ts";

/** A right on a path. Vault denies everything that no rule allows. */
export type Capability = "create" | "read" | "update" | "patch" | "delete" | "list" | "sudo";

/** A path of Vault's API in a policy. Only `at` makes one, because it checks every name in the path. */
export class PolicyPath {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  static of(text: string): PolicyPath {
    if (!/^[^/\s"\\]+(\/[^/\s"\\]+)*\/?$/.test(text) || text.split("/").includes("..")) {
      throw new Error(`"${text}" is not a path of a Vault policy`);
    }
    return new PolicyPath(text);
  }

  toString(): string {
    return this.#text;
  }
}

/**
 * A path with names in it: at`kv/data/${layer}/${app}`.
 *
 * The literal text may contain Vault's wildcards (`*` at the end, `+` for one part). A name is one part of the path and
 * never a wildcard.
 *
 * @throws OperatorError for a name with a character that is not allowed, such as a wildcard or a slash
 */
export function at(fixed: TemplateStringsArray, ...names: readonly string[]): PolicyPath {
  return PolicyPath.of(String.raw({ raw: fixed }, ...names.map((name) => physicalName("vaultPathPart", name))));
}

/** What one rule of a policy allows. */
export interface Rule {
  readonly path: PolicyPath;
  readonly capabilities: readonly Capability[];
  /** Allowed values by parameter; none stands for any value. Every other parameter may have any value, unless `closed`. */
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
  /** Whether every parameter that is not in `parameters` is refused. Default: false. */
  readonly closed?: boolean;
  /** Parameters that are refused, whatever their value. Default: none. */
  readonly refused?: readonly string[];
}

export function allow(path: PolicyPath, ...capabilities: readonly Capability[]): Rule {
  return { path, capabilities };
}

function list(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(", ")}]`;
}

function parametersText(field: string, parameters: Readonly<Record<string, readonly string[]>>): string[] {
  const lines = Object.entries(parameters).map(([name, values]) => `    "${name}" = ${list(values)}`);
  return lines.length === 0 ? [] : [`  ${field} = {`, ...lines, "  }"];
}

function ruleText({ path, capabilities, parameters, closed = false, refused = [] }: Rule): string {
  const allowed = parameters === undefined ? {} : { ...parameters, ...(closed ? {} : { "*": [] }) };
  const lines = [
    `  capabilities = ${list(capabilities)}`,
    ...parametersText("allowed_parameters", allowed),
    ...parametersText("denied_parameters", Object.fromEntries(refused.map((name) => [name, []]))),
  ];
  return [`path "${path.toString()}" {`, ...lines, "}", ""].join("\n");
}

/**
 * A policy in Vault's language (HCL), the same for OpenBao and HashiCorp Vault.
 *
 * @throws Error when two rules have the same path: Vault would silently merge them or drop one
 */
export function policyText(...rules: readonly Rule[]): string {
  const paths = rules.map(({ path }) => path.toString());
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) {
    throw new Error(`a policy has two rules for the path "${twice}"`);
  }
  return rules.map(ruleText).join("\n");
}

/** Rights on the client's own token, for tokens without Vault's policy `default`. */
export const ownToken: readonly Rule[] = [
  allow(at`auth/token/lookup-self`, "read"),
  allow(at`auth/token/renew-self`, "update"),
  allow(at`auth/token/revoke-self`, "update"),
];
