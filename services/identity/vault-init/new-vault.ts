import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Fetch } from "../network/patient-fetch.ts";
import { exchange, reasonsIn, type VaultAnswer, type VaultRequest } from "../vault/exchange.ts";
import type { FirstRequest, VaultInitConfig } from "./config.ts";

const initBody = z.object({ initialized: z.boolean() });
const resultBody = z.object({ recovery_keys_base64: z.array(z.string()).min(1), root_token: z.string().min(1) });
const listBody = z.object({ data: z.record(z.string(), z.unknown()) });

/** What Vault tells once, when it is initialised, and never again. */
export interface InitResult {
  readonly recoveryKeys: readonly string[];
  readonly rootToken: string;
}

/** What can be mounted at a path: the folder of such mounts in Vault's API, and the path. */
const mount = /^(sys\/(?:audit|auth|mounts))\/(.+)$/;

function remedyFor(status: number): string {
  switch (status) {
    case 403:
      return "the root token was revoked too early: make another with the recovery keys (operator generate-root), put it into the Secret and run again";
    case 503:
      return "Vault is sealed: see in its log why it does not reach what unseals it";
    default:
      return "look into Vault's own log for the cause, mend it and run again";
  }
}

/** A Vault before anybody can sign in: initialised, configured and closed by its root token. */
export class NewVault {
  readonly #address: string;
  readonly #fetch: Fetch;
  readonly #slowFetch: Fetch;

  /** @param slowFetch - for the one request whose answer must not be lost, however long Vault takes for it */
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

  /** Waits until requests are served: a node that has just been initialised becomes the active one a moment later. */
  async untilServing(): Promise<void> {
    const request: VaultRequest = { method: "GET", path: "sys/health" };
    const answer = await exchange(this.#fetch, this.#address, request);
    // 429 is what a standby node says to the end; it hands requests on to the active one.
    if (answer.status !== 200 && answer.status !== 429) {
      throw this.#refusal(answer, request);
    }
  }

  /** Does a first request, save one for a mount that is there: the answer is whether anything was done. */
  async bringAbout({ path, data }: FirstRequest, token: string): Promise<boolean> {
    const [, folder, name] = mount.exec(path) ?? [];
    if (folder !== undefined && name !== undefined) {
      const { body } = await this.#expect({ method: "GET", path: folder, token });
      if (`${name}/` in listBody.parse(body).data) {
        return false;
      }
    }
    await this.#expect({ method: "POST", path, token, body: data });
    return true;
  }

  /** Revokes a token; one that is not valid any more is as good as revoked. */
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
