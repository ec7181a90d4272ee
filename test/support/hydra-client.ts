import { z } from "zod";
import { engineSucceeds, type Iam, type Kubectl } from "./sandbox.ts";
import { changedSettings } from "./stack-settings.ts";
import { forgetPolicy, withPolicy } from "./vault.ts";
import type { Web } from "./web.ts";

const credential = z.object({ data: z.object({ client_secret: z.string() }) });
const tokenAnswer = z.object({ access_token: z.string() });

/** Hydra's own command line, in its pod: the admin API is open to nobody else. */
export const inHydra = ["-n", "iam", "exec", "deployment/hydra", "-c", "hydra", "--", "hydra"] as const;
export const hydraAdmin = ["--endpoint", "https://127.0.0.1:4445", "--skip-tls-verify", "--format", "json"] as const;

/** An OAuth2 client of a test, declared in the settings as any program outside of the platform is. */
export class DeclaredClient {
  readonly #web: Web;
  readonly #issuer: string;
  readonly #authorization: string;

  private constructor(web: Web, issuer: string, id: string, secret: string) {
    this.#web = web;
    this.#issuer = issuer;
    this.#authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
  }

  /** Declares the client, deploys, and reads its secret in Vault by a policy that allows no more than that. */
  static async deployed(id: string, kubectl: Kubectl, web: Web, iam: Iam): Promise<DeclaredClient> {
    const declared = { clientId: id, name: `Test ${id}`, grantTypes: ["client_credentials"], scopes: ["report:read"] };
    const settings = changedSettings([["bibind:iam", "oauthClients"], [declared]]);
    await engineSucceeds("up", "--yes", "--skip-preview", "--config-file", settings);
    const policy = `path "kv/data/oauth/${id}" { capabilities = ["read"] }`;
    const reader = await withPolicy(kubectl, web, iam.vaultAddress, id, policy);
    try {
      const { data } = credential.parse(await reader.must(`kv/data/oauth/${id}`));
      return new DeclaredClient(web, iam.issuer, id, data.client_secret);
    } finally {
      await forgetPolicy(kubectl, web, iam.vaultAddress, id);
    }
  }

  /** A token for itself; it must be given. */
  async token(): Promise<string> {
    const answer = await this.#web.expect(tokenAnswer, `${this.#issuer}/oauth2/token`, {
      headers: { authorization: this.#authorization },
      form: { grant_type: "client_credentials", scope: "report:read" },
    });
    return answer.access_token;
  }
}

const introspection = z.object({ active: z.boolean() });

/** Whether Hydra says that a token is good. */
export async function isActive(kubectl: Kubectl, token: string): Promise<boolean> {
  const told = await kubectl.run(...inHydra, "introspect", "token", token, ...hydraAdmin);
  return introspection.parse(JSON.parse(told)).active;
}
