import assert from "node:assert/strict";
import { z } from "zod";
import { engineSucceeds, type Iam, type Kubectl } from "./sandbox.ts";
import { changedSettings } from "./stack-settings.ts";
import { removePolicy, loginWithPolicy } from "./vault.ts";
import type { Web, WebRequest } from "./web.ts";

const credential = z.object({ data: z.object({ client_id: z.string(), client_secret: z.string() }) });
const tokenResponse = z.object({ access_token: z.string() });

/** Hydra's own command line, in its pod. Network policies let few pods reach the admin API. */
export const inHydra = ["-n", "iam", "exec", "deployment/hydra", "-c", "hydra", "--", "hydra"] as const;
export const hydraAdmin = ["--endpoint", "https://127.0.0.1:4445", "--skip-tls-verify", "--format", "json"] as const;

/** An OAuth2 client of a test. The settings declare it, like every client of a program outside of the platform. */
export class DeclaredClient {
  readonly id: string;
  readonly #web: Web;
  readonly #tokenUrl: string;
  readonly #secret: string;

  private constructor(web: Web, issuer: string, id: string, secret: string) {
    this.id = id;
    this.#web = web;
    this.#tokenUrl = `${issuer}/oauth2/token`;
    this.#secret = secret;
  }

  /**
   * Declares the client, deploys it, and reads its secret from Vault with a policy that allows only this.
   *
   * @param audience - audiences that its tokens may have. Default: none
   */
  static async deployed(
    id: string,
    kubectl: Kubectl,
    web: Web,
    iam: Iam,
    audience: readonly string[] = [],
  ): Promise<DeclaredClient> {
    const grants = { grantTypes: ["client_credentials"], scopes: ["report:read"], audience };
    const settings = changedSettings([
      ["bibind:iam", "oauthClients"],
      [{ clientId: id, name: `Test ${id}`, owner: "developer", ...grants }],
    ]);
    await engineSucceeds("up", "--yes", "--skip-preview", "--config-file", settings);
    const policy = `path "kv/data/oauth/iam/${id}" { capabilities = ["read"] }`;
    const reader = await loginWithPolicy(kubectl, web, iam.vaultAddress, id, policy);
    try {
      const { data } = credential.parse(await reader.requestData(`kv/data/oauth/iam/${id}`));
      assert.equal(data.client_id, id);
      assert.equal(
        (await reader.request("kv/data/oauth/iam/vault")).status,
        403,
        "another client's secret can be read",
      );
      return new DeclaredClient(web, iam.issuer, id, data.client_secret);
    } finally {
      await removePolicy(kubectl, web, iam.vaultAddress, id);
    }
  }

  /** Requests a token. Default: with the client's own secret, for no audience. @returns the status of the response */
  async tokenStatus({ secret = this.#secret, audience }: { secret?: string; audience?: string }): Promise<number> {
    return (await this.#web.request(this.#tokenUrl, this.#tokenRequest(secret, audience))).status;
  }

  /** An access token of the client itself. @throws Error when Hydra refuses the request */
  async token(audience?: string): Promise<string> {
    const request = this.#tokenRequest(this.#secret, audience);
    return (await this.#web.expect(tokenResponse, this.#tokenUrl, request)).access_token;
  }

  #tokenRequest(secret: string, audience: string | undefined): WebRequest {
    const form = { grant_type: "client_credentials", scope: "report:read" };
    return {
      headers: { authorization: `Basic ${Buffer.from(`${this.id}:${secret}`).toString("base64")}` },
      form: audience === undefined ? form : { ...form, audience },
    };
  }
}

const introspection = z.object({
  active: z.boolean(),
  client_id: z.string().optional(),
  aud: z.array(z.string()).optional(),
});

/** Hydra's introspection of a token (RFC 7662). */
export async function introspect(kubectl: Kubectl, token: string): Promise<z.infer<typeof introspection>> {
  const output = await kubectl.run(...inHydra, "introspect", "token", token, ...hydraAdmin);
  return introspection.parse(JSON.parse(output));
}
