import { z } from "zod";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import type { Properties } from "../../server/values.ts";

/** The SDK sends every value that is not a string as JSON. */
function decoded(value: unknown): unknown {
  if (typeof value !== "string") {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
const flag = z.preprocess(decoded, z.boolean()).optional();
const count = z.preprocess(decoded, z.number().int().positive()).optional();
const nested = <T extends z.ZodType>(schema: T) => z.preprocess(decoded, schema).optional();
const text = z.string().optional();

const loginNamespace = { namespace: text, useRootNamespace: z.boolean().optional() };

/** Arguments of the SDK's `vault.Provider` that this plugin supports. */
const providerArguments = z.strictObject({
  address: text,
  token: text,
  tokenName: text,
  namespace: text,
  caCertFile: text,
  caCertDir: text,
  tlsServerName: text,
  skipTlsVerify: flag,
  skipChildToken: flag,
  skipGetVaultVersion: flag,
  maxLeaseTtlSeconds: count,
  maxRetries: count,
  authLogin: nested(
    z.strictObject({ ...loginNamespace, path: z.string(), parameters: z.record(z.string(), z.string()).default({}) }),
  ),
  authLoginJwt: nested(
    z.strictObject({ ...loginNamespace, mount: z.string().default("jwt"), role: z.string(), jwt: text }),
  ),
  authLoginUserpass: nested(
    z.strictObject({
      ...loginNamespace,
      mount: z.string().default("userpass"),
      username: text,
      password: text,
      passwordFile: text,
    }),
  ),
  authLoginTokenFile: nested(z.strictObject({ filename: text })),
});

/** A login to Vault, which returns a token. */
export interface Login {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly namespace: string | undefined;
  /** Path of a file that contains the password. */
  readonly passwordFile?: string;
}

export interface VaultSettings {
  readonly address: string;
  readonly namespace: string;
  readonly caCertFile: string | undefined;
  readonly caCertDir: string | undefined;
  readonly tlsServerName: string | undefined;
  readonly verify: boolean;
  readonly credentials: { readonly token: string } | { readonly login: Login } | { readonly tokenFile: string };
  /** The short-lived child of the session's token, as with the vendor's plugin. Undefined: no child. */
  readonly childToken: { readonly name: string; readonly seconds: number } | undefined;
}

const where = "arguments of the vault.Provider";

type Arguments = z.infer<typeof providerArguments>;
type Environment = Readonly<Record<string, string | undefined>>;

function namespaceOf(login: { readonly namespace?: string; readonly useRootNamespace?: boolean }): string | undefined {
  return login.useRootNamespace === true ? "" : login.namespace;
}

function loginOf(given: Arguments, environment: Environment): Login | undefined {
  const { authLogin, authLoginJwt, authLoginUserpass } = given;
  if (authLogin !== undefined) {
    return { path: authLogin.path, parameters: authLogin.parameters, namespace: namespaceOf(authLogin) };
  }
  if (authLoginJwt !== undefined) {
    const jwt = required("authLoginJwt.jwt", authLoginJwt.jwt ?? environment.TERRAFORM_VAULT_AUTH_JWT);
    const parameters = { role: authLoginJwt.role, jwt };
    return { path: `auth/${authLoginJwt.mount}/login`, parameters, namespace: namespaceOf(authLoginJwt) };
  }
  if (authLoginUserpass !== undefined) {
    const { mount, password, passwordFile } = authLoginUserpass;
    const username = required("authLoginUserpass.username", authLoginUserpass.username);
    if (passwordFile === undefined) {
      required("authLoginUserpass.password", password);
    }
    const parameters: Record<string, string> = password === undefined ? {} : { password };
    const namespace = namespaceOf(authLoginUserpass);
    return { path: `auth/${mount}/login/${username}`, parameters, namespace, passwordFile };
  }
  return undefined;
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === "") {
    throw new OperatorError({ what: `${name} is not set`, where, remedy: `set ${name}` });
  }
  return value;
}

function credentialsOf(given: Arguments, environment: Environment): VaultSettings["credentials"] {
  const login = loginOf(given, environment);
  if (login !== undefined) {
    return { login };
  }
  if (given.authLoginTokenFile !== undefined) {
    const filename = given.authLoginTokenFile.filename ?? environment.TERRAFORM_VAULT_TOKEN_FILENAME;
    return { tokenFile: required("authLoginTokenFile.filename", filename) };
  }
  return {
    token: required(
      "token (or a login: authLogin, authLoginJwt, authLoginUserpass, authLoginTokenFile)",
      given.token ?? environment.VAULT_TOKEN,
    ),
  };
}

function parsed(settings: Properties): Arguments {
  const result = providerArguments.safeParse(settings);
  if (result.success) {
    return result.data;
  }
  const problems = result.error.issues.map((issue) =>
    issue.code === "unrecognized_keys"
      ? `this plugin does not know ${issue.keys.join(", ")}`
      : `${issue.path.join(".")}: ${issue.message}`,
  );
  throw new OperatorError({
    what: `the provider's arguments are not valid: ${problems.join("; ")}`,
    where,
    remedy: `use only ${Object.keys(providerArguments.shape).join(", ")}`,
  });
}

/**
 * The provider's settings, from its arguments and from the environment variables that the vendor's plugin reads too
 * (`VAULT_ADDR`, `VAULT_TOKEN`, `VAULT_TOKEN_NAME`, `VAULT_NAMESPACE`, `VAULT_CACERT`, `VAULT_CAPATH`,
 * `TERRAFORM_VAULT_AUTH_JWT`, `TERRAFORM_VAULT_TOKEN_FILENAME`). A relative file name is relative to the folder of the
 * program, where the engine starts plugins (`getPwdMain` of its project).
 *
 * @throws OperatorError for an argument that is unknown, invalid or missing
 */
export function vaultSettings(settings: Properties, environment: Environment = process.env): VaultSettings {
  const given = parsed(settings);
  const name = given.tokenName ?? environment.VAULT_TOKEN_NAME ?? "pulumi";
  return {
    address: required("address", given.address ?? environment.VAULT_ADDR),
    namespace: given.namespace ?? environment.VAULT_NAMESPACE ?? "",
    caCertFile: given.caCertFile ?? environment.VAULT_CACERT,
    caCertDir: given.caCertDir ?? environment.VAULT_CAPATH,
    tlsServerName: given.tlsServerName,
    verify: given.skipTlsVerify !== true,
    credentials: credentialsOf(given, environment),
    childToken: given.skipChildToken === true ? undefined : { name, seconds: given.maxLeaseTtlSeconds ?? 1200 },
  };
}
