import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Fetch } from "../network/retrying-fetch.ts";
import { exchange, reasonsIn, type VaultAnswer, type VaultRequest } from "../vault/exchange.ts";
import type { FirstRequest, VaultInitConfig } from "./config.ts";

const initBody = z.object({ initialized: z.boolean() });
const resultBody = z.object({ recovery_keys_base64: z.array(z.string()).min(1), root_token: z.string().min(1) });
const listBody = z.object({ data: z.record(z.string(), z.unknown()) });

/** Vault's answer to its initialisation; it shows this only once. */
export interface InitResult {
  readonly recoveryKeys: readonly string[];
  readonly rootToken: string;
}

/** A path of Vault's API that mounts something: the list of such mounts, and the path of the mount. */
const mountPath = /^(sys\/(?:audit|auth|mounts))\/(.+)$/;

function remedyFor(status: number): string {
  switch (status) {
    case 403:
      return "the root token was revoked too early: make another with the recovery keys (operator generate-root), write it to the Secret and run again";
    case 503:
      return "Vault is sealed: its log says why the unseal fails";
    default:
      return "read Vault's log for the cause, remove it and run again";
  }
}

/** A Vault in which nobody has an identity yet: only its root token gives access. */
export class NewVault {
  readonly #address: string;
  readonly #fetch: Fetch;
  readonly #slowFetch: Fetch;

  /** @param slowFetch - a `fetch` with a long timeout, because the answer to the initialisation must not be lost */
  constructor(address: string, fetch: Fetch, slowFetch: Fetch) {
    this.#address = address;
    this.#fetch = fetch;
    this.#slowFetch = slowFetch;
  }

  async isInitialised(): Promise<boolean> {
    const answer = await this.#expect({ method: "GET", path: "sys/init" });
    return initBody.parse(answer.body).initialized;
  }

  async initialise({ shares, threshold }: VaultInitConfig["recovery"]): Promise<InitResult> {
    const body = { recovery_shares: shares, recovery_threshold: threshold };
    const answer = await this.#expect({ method: "POST", path: "sys/init", body }, this.#slowFetch);
    const { recovery_keys_base64: recoveryKeys, root_token: rootToken } = resultBody.parse(answer.body);
    return { recoveryKeys, rootToken };
  }

  /** Waits until Vault serves: a node becomes the active one a moment after its initialisation. */
  async waitUntilServing(): Promise<void> {
    const request: VaultRequest = { method: "GET", path: "sys/health" };
    const answer = await exchange(this.#fetch, this.#address, request);
    // A standby node always answers 429; it forwards requests to the active node.
    if (answer.status !== 200 && answer.status !== 429) {
      throw this.#refusal(answer, request);
    }
  }

  /** Sends a first request, unless it mounts something that is mounted already. @returns whether the request was sent */
  async apply({ path, data }: FirstRequest, token: string): Promise<boolean> {
    const [, list, name] = mountPath.exec(path) ?? [];
    if (list !== undefined && name !== undefined) {
      const { body } = await this.#expect({ method: "GET", path: list, token });
      if (`${name}/` in listBody.parse(body).data) {
        return false;
      }
    }
    await this.#expect({ method: "POST", path, token, body: data });
    return true;
  }

  /** Revokes a token; nothing happens when it is no longer valid. */
  async revoke(token: string): Promise<void> {
    const request: VaultRequest = { method: "POST", path: "auth/token/revoke-self", token, body: {} };
    const answer = await exchange(this.#fetch, this.#address, request);
    if (answer.status !== 204 && answer.status !== 403) {
      throw this.#refusal(answer, request);
    }
  }

  async #expect(request: VaultRequest, fetch = this.#fetch): Promise<VaultAnswer> {
    const answer = await exchange(fetch, this.#address, request);
    if (answer.status !== 200 && answer.status !== 204) {
      throw this.#refusal(answer, request);
    }
    return answer;
  }

  #refusal(answer: VaultAnswer, { method, path }: VaultRequest): OperatorError {
    const reasons = reasonsIn(answer);
    return new OperatorError({
      what: `Vault refused ${method} ${path} (${answer.status}): ${reasons === "" ? "no reason given" : reasons}`,
      where: this.#address,
      remedy: remedyFor(answer.status),
    });
  }
}
