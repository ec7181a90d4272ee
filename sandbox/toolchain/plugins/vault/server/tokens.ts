import { readFile } from "node:fs/promises";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import type { Login, VaultSettings } from "./settings.ts";
import { VaultRefusal } from "./failure.ts";
import { tokenExpired, tokenIn } from "./token-file.ts";
import type { TokenSource, Vault, VaultAnswer } from "./vault.ts";

/** A token is replaced this many seconds before it expires, or after two thirds of its lifetime when that is short. */
const marginSeconds = 20;

interface Token {
  readonly token: string;
  /** In milliseconds, like `performance.now()`. Infinity for a token that does not expire. */
  readonly usableUntil: number;
  readonly renewable: boolean;
}

/** A child token expires with its parent. */
interface ChildToken extends Token {
  readonly parent: string;
}

function tokenOf(answer: VaultAnswer | undefined, path: string): Token {
  const auth = answer?.auth;
  if (auth === undefined || auth === null) {
    throw new Error(`Vault's answer at ${path} contains no token`);
  }
  const usableSeconds = auth.lease_duration - Math.min(marginSeconds, auth.lease_duration / 3);
  const usableUntil = auth.lease_duration === 0 ? Infinity : performance.now() + usableSeconds * 1000;
  return { token: auth.client_token, usableUntil, renewable: auth.renewable };
}

function isFresh<T extends Token>(token: T | undefined): token is T {
  return token !== undefined && token.usableUntil > performance.now();
}

async function parametersOf(login: Login): Promise<Record<string, string>> {
  if (login.passwordFile === undefined) {
    return { ...login.parameters };
  }
  return { ...login.parameters, password: (await readFile(login.passwordFile, "utf8")).trim() };
}

const unlimited = { usableUntil: Infinity, renewable: false } as const;

/**
 * Provides the session's token: the configured token, the token in a file, or the token of a login. The token of a
 * login is renewed before it expires, or replaced by a new login. By default, requests use a short-lived child of the
 * token, as with the vendor's plugin.
 */
export class SessionTokens implements TokenSource {
  readonly #vault: Vault;
  readonly #settings: VaultSettings;
  #session: Token | undefined;
  #child: ChildToken | undefined;
  #pending: Promise<string> | undefined;

  constructor(vault: Vault, settings: VaultSettings) {
    this.#vault = vault;
    this.#settings = settings;
  }

  /** Requests at the same time share one login or renewal. */
  current(): Promise<string> {
    this.#pending ??= this.#obtain().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async replaced(token: string): Promise<boolean> {
    if (await this.#isAccepted(token)) {
      return false;
    }
    if ((this.#child?.token ?? this.#session?.token) === token) {
      this.#session = undefined;
      this.#child = undefined;
    }
    const next = await this.current();
    if (next === token) {
      throw this.#notAccepted();
    }
    return true;
  }

  #notAccepted(): OperatorError {
    const { address, credentials } = this.#settings;
    if ("tokenFile" in credentials) {
      return tokenExpired(credentials.tokenFile, address);
    }
    return new OperatorError({
      what: "Vault does not accept the token: it is wrong, revoked or expired",
      where: address,
      remedy: "configure the provider with a valid token (or VAULT_TOKEN), or with a login instead",
    });
  }

  async #isAccepted(token: string): Promise<boolean> {
    try {
      await this.#vault.send("GET", "auth/token/lookup-self", { token });
      return true;
    } catch (error) {
      if (error instanceof VaultRefusal && error.status === 403) {
        return false;
      }
      throw error;
    }
  }

  async #obtain(): Promise<string> {
    const { childToken } = this.#settings;
    const session = await this.#sessionToken();
    if (childToken === undefined) {
      return session.token;
    }
    if (!isFresh(this.#child) || this.#child.parent !== session.token) {
      this.#child = await this.#createChild(session.token, childToken.name, childToken.seconds);
    }
    return this.#child.token;
  }

  async #sessionToken(): Promise<Token> {
    const { credentials } = this.#settings;
    if ("token" in credentials) {
      return { token: credentials.token, ...unlimited };
    }
    if (!isFresh(this.#session)) {
      this.#session =
        "tokenFile" in credentials
          ? { token: await tokenIn(credentials.tokenFile), ...unlimited }
          : ((await this.#renewed()) ?? (await this.#login(credentials.login)));
    }
    return this.#session;
  }

  /** Renews the token. Undefined when it cannot be renewed, or not for long enough. */
  async #renewed(): Promise<Token | undefined> {
    const session = this.#session;
    if (session?.renewable !== true) {
      return undefined;
    }
    try {
      const path = "auth/token/renew-self";
      const renewed = tokenOf(await this.#vault.send("POST", path, { token: session.token, body: {} }), path);
      return isFresh(renewed) ? renewed : undefined;
    } catch (error) {
      if (error instanceof VaultRefusal) {
        return undefined;
      }
      throw error;
    }
  }

  async #login(login: Login): Promise<Token> {
    const body = await parametersOf(login);
    try {
      const answer = await this.#vault.send("POST", login.path, { token: "", body, namespace: login.namespace });
      return tokenOf(answer, login.path);
    } catch (error) {
      if (!(error instanceof VaultRefusal)) {
        throw error;
      }
      throw new OperatorError(
        {
          what: `the login to Vault at ${login.path} was refused (${error.status}): ${error.reasons.join("; ")}`,
          where: this.#settings.address,
          remedy:
            "check the login's mount, role and credential; the credential may be expired or have another audience",
        },
        { cause: error },
      );
    }
  }

  async #createChild(token: string, name: string, seconds: number): Promise<ChildToken> {
    const path = "auth/token/create";
    const body = { display_name: name, ttl: `${seconds}s`, explicit_max_ttl: `${seconds}s`, renewable: false };
    try {
      return { ...tokenOf(await this.#vault.send("POST", path, { token, body, once: true }), path), parent: token };
    } catch (error) {
      if (!(error instanceof VaultRefusal) || error.status !== 403) {
        throw error;
      }
      throw new OperatorError(
        {
          what: "Vault refused to create the provider's short-lived child token: the token is not valid or may not create tokens",
          where: `${this.#settings.address} ${path}`,
          remedy: `use a valid token that may "create" and "update" at ${path}, or set skipChildToken: true`,
        },
        { cause: error },
      );
    }
  }
}
