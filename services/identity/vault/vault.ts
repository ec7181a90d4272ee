import { z } from "zod";
import { readText } from "../config.ts";
import type { Fetch } from "../network/patient-fetch.ts";
import { exchange, type VaultAnswer, type VaultRequest } from "./exchange.ts";
import { refusal } from "./refusal.ts";
import type { VaultSettings } from "./settings.ts";

const json = z.json();
export type SecretValues = Readonly<Record<string, z.infer<typeof json>>>;

const loginBody = z.object({ auth: z.object({ client_token: z.string() }) });
const version = z.object({ version: z.int(), created_time: z.string() });
const secretBody = z.object({ data: z.object({ data: z.record(z.string(), json).nullable(), metadata: version }) });
const writtenBody = z.object({ data: version });

/** A version of a secret. */
export interface SecretVersion {
  /** What the next write must name (check-and-set); 0 where nothing was ever written. */
  readonly version: number;
  /** When Vault stored it, to the nanosecond: no two versions share it, not even after a purge. Empty at version 0. */
  readonly storedAt: string;
}

export interface StoredSecret extends SecretVersion {
  /** Undefined where there is nothing, or where the latest version was deleted. */
  readonly values: SecretValues | undefined;
}

/** Vault's key-value engine (version 2), reached with this pod's own identity. */
export class Vault {
  readonly #settings: VaultSettings;
  readonly #fetch: Fetch;
  readonly #token: string;

  private constructor(settings: VaultSettings, fetch: Fetch, token: string) {
    this.#settings = settings;
    this.#fetch = fetch;
    this.#token = token;
  }

  /**
   * Signs in with the pod's token.
   *
   * @throws OperatorError when Vault does not know the role or the pod
   */
  static async login(settings: VaultSettings, fetch: Fetch): Promise<Vault> {
    const jwt = (await readText(settings.tokenFile, "vault.tokenFile")).trim();
    const visitor = new Vault(settings, fetch, "");
    const path = `auth/${settings.authMount}/login`;
    const { auth } = loginBody.parse(await visitor.#expect("POST", path, { role: settings.role, jwt }));
    return new Vault(settings, fetch, auth.client_token);
  }

  /** Where a secret lies, for messages. */
  placeOf(path: string): string {
    return `${this.#settings.address}, secret ${this.#settings.kvMount}/${path}`;
  }

  async read(path: string): Promise<StoredSecret> {
    const api = this.#dataPath(path);
    const answer = await this.#exchange("GET", api);
    const found = secretBody.safeParse(answer.body);
    // A deleted version is answered with 404 and its metadata; the next write must name it.
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
   * Writes a new version, if `cas` is the latest one.
   *
   * @throws OperatorError when somebody else wrote in between
   */
  async write(path: string, values: SecretValues, cas: number): Promise<SecretVersion> {
    const body = await this.#expect("POST", this.#dataPath(path), { data: values, options: { cas } });
    const { data } = writtenBody.parse(body);
    return { version: data.version, storedAt: data.created_time };
  }

  /** Writes a part of Vault's own configuration, such as `auth/oidc/config`; nothing comes back. */
  async configure(path: string, settings: SecretValues): Promise<void> {
    const answer = await this.#exchange("POST", path, settings);
    if (answer.status !== 200 && answer.status !== 204) {
      throw refusal(answer, "POST", path, this.#settings);
    }
  }

  #dataPath(path: string): string {
    return `${this.#settings.kvMount}/data/${path}`;
  }

  async #expect(method: VaultRequest["method"], path: string, body: unknown): Promise<unknown> {
    const answer = await this.#exchange(method, path, body);
    if (answer.status !== 200) {
      throw refusal(answer, method, path, this.#settings);
    }
    return answer.body;
  }

  #exchange(method: VaultRequest["method"], path: string, body?: unknown): Promise<VaultAnswer> {
    return exchange(this.#fetch, this.#settings.address, { method, path, token: this.#token, body });
  }
}
