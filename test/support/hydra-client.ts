import assert from "node:assert/strict";
import { z } from "zod";
import { engineSucceeds, type Iam, type Kubectl } from "./sandbox.ts";
import { changedSettings } from "./stack-settings.ts";
import { forgetPolicy, withPolicy } from "./vault.ts";
import type { Web, WebRequest } from "./web.ts";

const credential = z.object({ data: z.object({ client_id: z.string(), client_secret: z.string() }) });
const tokenAnswer = z.object({ access_token: z.string() });

/** Hydra's own command line, in its pod: the admin API is open to nobody else. */
export const inHydra = ["-n", "iam", "exec", "deployment/hydra", "-c", "hydra", "--", "hydra"] as const;
export const hydraAdmin = ["--endpoint", "https://127.0.0.1:4445", "--skip-tls-verify", "--format", "json"] as const;

/** An OAuth2 client of a test, declared in the settings as any program outside of the platform is. */
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
   * Declares the client, deploys, and reads its secret in Vault by a policy that allows no more than that.
   *
   * @param audience - of which it may ask for tokens. Default: none
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
      [{ clientId: id, name: `Test ${id}`, ...grants }],
    ]);
    await engineSucceeds("up", "--yes", "--skip-preview", "--config-file", settings);
    const policy = `path "kv/data/oauth/iam/${id}" { capabilities = ["read"] }`;
    const reader = await withPolicy(kubectl, web, iam.vaultAddress, id, policy);
    try {
      const { data } = credential.parse(await reader.must(`kv/data/oauth/iam/${id}`));
      assert.equal(data.client_id, id);
      assert.equal((await reader.ask("kv/data/oauth/iam/vault")).status, 403, "another client's secret can be read");
      return new DeclaredClient(web, iam.issuer, id, data.client_secret);
    } finally {
      await forgetPolicy(kubectl, web, iam.vaultAddress, id);
    }
  }

  /** Asks for a token; the status of the answer. Default: with its own secret, and for no audience. */
  async ask({ secret = this.#secret, audience }: { secret?: string; audience?: string }): Promise<number> {
    return (await this.#web.ask(this.#tokenUrl, this.#asking(secret, audience))).status;
  }

  /** A token for itself; it must be given. */
  async token(audience?: string): Promise<string> {
    const asking = this.#asking(this.#secret, audience);
    return (await this.#web.expect(tokenAnswer, this.#tokenUrl, asking)).access_token;
  }

  #asking(secret: string, audience: string | undefined): WebRequest {
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

/** What Hydra says of a token. */
export async function introspect(kubectl: Kubectl, token: string): Promise<z.infer<typeof introspection>> {
  const told = await kubectl.run(...inHydra, "introspect", "token", token, ...hydraAdmin);
  return introspection.parse(JSON.parse(told));
}
