import { z } from "zod";
import { readText } from "../config.ts";
import type { Fetch } from "../network/retrying-fetch.ts";
import { exchange, type VaultAnswer, type VaultRequest } from "./exchange.ts";
import { refusal } from "./refusal.ts";
import type { VaultSettings } from "./settings.ts";

const json = z.json();
export type SecretValues = Readonly<Record<string, z.infer<typeof json>>>;

const loginBody = z.object({ auth: z.object({ client_token: z.string(), lease_duration: z.number() }) });
const version = z.object({ version: z.int(), created_time: z.string() });
const secretBody = z.object({ data: z.object({ data: z.record(z.string(), json).nullable(), metadata: version }) });
const writtenBody = z.object({ data: version });

/** A version of a secret. */
export interface SecretVersion {
  /** Version that the next write must name (check-and-set); 0 before the first write. */
  readonly version: number;
  /** When Vault stored it, to the nanosecond. It identifies a version, even after a purge. Empty at version 0. */
  readonly storedAt: string;
}

export interface StoredSecret extends SecretVersion {
  /** Undefined when there is no secret, or when its latest version was deleted. */
  readonly values: SecretValues | undefined;
}

interface Login {
  readonly token: string;
  /** When the next request logs in again, in milliseconds since the epoch. */
  readonly renewAt: number;
}

/** Share of a token's lease after which the next request logs in again. */
const usedShare = 0.8;

/**
 * Vault's key-value engine (version 2), with the identity of this pod. It logs in at the first request, again before the
 * token expires, and again when Vault refuses a token: it may be revoked.
 */
export class Vault {
  readonly #settings: VaultSettings;
  readonly #fetch: Fetch;
  #login: Login | undefined;

  constructor(settings: VaultSettings, fetch: Fetch) {
    this.#settings = settings;
    this.#fetch = fetch;
  }

  /** A secret as messages name it. */
  where(path: string): string {
    return `${this.#settings.address}, secret ${this.#settings.kvMount}/${path}`;
  }

  async read(path: string): Promise<StoredSecret> {
    const api = this.#dataPath(path);
    const answer = await this.#exchange("GET", api);
    const found = secretBody.safeParse(answer.body);
    // For a deleted version, Vault answers 404 with the metadata; the next write must name that version.
    if (found.success && (answer.status === 200 || answer.status === 404)) {
      const { data, metadata } = found.data.data;
      return { values: data ?? undefined, version: metadata.version, storedAt: metadata.created_time };
    }
    if (answer.status === 404 && z.object({ errors: z.array(z.string()).length(0) }).safeParse(answer.body).success) {
      return { values: undefined, version: 0, storedAt: "" };
    }
    throw refusal(answer, "GET", api, this.#settings);
  }

  /**
   * Writes a new version, if the latest one is `cas`.
   *
   * @throws OperatorError when somebody else wrote meanwhile
   */
  async write(path: string, values: SecretValues, cas: number): Promise<SecretVersion> {
    const body = await this.#send("POST", this.#dataPath(path), { data: values, options: { cas } });
    const { data } = writtenBody.parse(body);
    return { version: data.version, storedAt: data.created_time };
  }

  /** Deletes a secret with all its versions; nothing happens when there is none. */
  async remove(path: string): Promise<void> {
    await this.#send("DELETE", `${this.#settings.kvMount}/metadata/${path}`);
  }

  /** Writes a part of Vault's own configuration, such as `auth/oidc/config`. */
  async configure(path: string, settings: SecretValues): Promise<void> {
    await this.#send("POST", path, settings);
  }

  #dataPath(path: string): string {
    return `${this.#settings.kvMount}/data/${path}`;
  }

  /** A request that Vault must grant. */
  async #send(method: VaultRequest["method"], path: string, body?: unknown): Promise<unknown> {
    const answer = await this.#exchange(method, path, body);
    if (answer.status !== 200 && answer.status !== 204) {
      throw refusal(answer, method, path, this.#settings);
    }
    return answer.body;
  }

  async #exchange(method: VaultRequest["method"], path: string, body?: unknown): Promise<VaultAnswer> {
    const attempt = async () =>
      exchange(this.#fetch, this.#settings.address, { method, path, token: await this.#token(), body });
    const answer = await attempt();
    if (answer.status !== 403) {
      return answer;
    }
    this.#login = undefined;
    return attempt();
  }

  async #token(): Promise<string> {
    if (this.#login === undefined || Date.now() >= this.#login.renewAt) {
      this.#login = await this.#logIn();
    }
    return this.#login.token;
  }

  /** @throws OperatorError when Vault does not know the role or the pod */
  async #logIn(): Promise<Login> {
    const jwt = (await readText(this.#settings.tokenFile, "vault.tokenFile")).trim();
    const path = `auth/${this.#settings.authMount}/login`;
    const body = { role: this.#settings.role, jwt };
    const answer = await exchange(this.#fetch, this.#settings.address, { method: "POST", path, body });
    if (answer.status !== 200) {
      throw refusal(answer, "POST", path, this.#settings);
    }
    const { client_token: token, lease_duration: seconds } = loginBody.parse(answer.body).auth;
    // A lease of 0 seconds does not end.
    return { token, renewAt: seconds === 0 ? Infinity : Date.now() + seconds * 1000 * usedShare };
  }
}
