import { z } from "zod";
import { deployerName, deployerNamespace } from "../../components/vault/policies/deployer.ts";
import type { Kubectl } from "./sandbox.ts";
import type { Web, WebResponse, WebRequest } from "./web.ts";

const responseData = z
  .object({
    data: z
      .record(z.string(), z.unknown())
      .nullish()
      .transform((data) => data ?? {}),
  })
  .catch({ data: {} });
const loginResponse = z.object({ auth: z.object({ client_token: z.string(), policies: z.array(z.string()) }) });

/** A client of Vault's API outside of the cluster. */
export class VaultClient {
  readonly #web: Web;
  readonly #address: string;
  readonly #token: string;

  constructor(web: Web, address: string, token = "") {
    this.#web = web;
    this.#address = address;
    this.#token = token;
  }

  /**
   * Logs in with the token of a Kubernetes service account.
   *
   * @throws Error when Vault refuses
   */
  async login(role: string, jwt: string): Promise<VaultClient> {
    const { auth } = await this.#web.expect(loginResponse, `${this.#address}/v1/auth/kubernetes/login`, {
      json: { role, jwt },
    });
    return new VaultClient(this.#web, this.#address, auth.client_token);
  }

  request(path: string, request: WebRequest = {}): Promise<WebResponse> {
    const headers = { "x-vault-request": "true", ...(this.#token === "" ? {} : { "x-vault-token": this.#token }) };
    return this.#web.request(`${this.#address}/v1/${path}`, { ...request, headers });
  }

  /** Sends a request that must succeed. @returns the `data` of the response */
  async requestData(path: string, request: WebRequest = {}): Promise<Record<string, unknown>> {
    const { status, body } = await this.request(path, request);
    if (status >= 300) {
      throw new Error(`Vault answered ${status} to ${path}: ${JSON.stringify(body)}`);
    }
    return responseData.parse(body).data;
  }
}

/** Creates a short-lived token of a service account for one audience. */
export function serviceAccountToken(kubectl: Kubectl, account: string, namespace: string, audience = "vault") {
  return kubectl.run("-n", namespace, "create", "token", account, `--audience=${audience}`, "--duration=10m");
}

/** A client with the rights of the deployer, who configures Vault and reads no secret. */
export async function asDeployer(kubectl: Kubectl, web: Web, address: string): Promise<VaultClient> {
  const jwt = await serviceAccountToken(kubectl, deployerName, deployerNamespace);
  return new VaultClient(web, address).login(deployerName, jwt);
}

/**
 * Creates a policy, a role and a service account for a test, and logs in with them.
 *
 * @param name - name of all three, unique among the tests
 */
export async function loginWithPolicy(
  kubectl: Kubectl,
  web: Web,
  address: string,
  name: string,
  policy: string,
): Promise<VaultClient> {
  const deployer = await asDeployer(kubectl, web, address);
  await kubectl.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "default" } });
  await deployer.requestData(`sys/policies/acl/${name}`, { json: { policy } });
  await deployer.requestData(`auth/kubernetes/role/${name}`, {
    json: {
      bound_service_account_names: [name],
      bound_service_account_namespaces: ["default"],
      audience: "vault",
      token_policies: [name],
      token_ttl: "10m",
    },
  });
  const jwt = await serviceAccountToken(kubectl, name, "default");
  return new VaultClient(web, address).login(name, jwt);
}

/** Deletes what `loginWithPolicy` created. */
export async function removePolicy(kubectl: Kubectl, web: Web, address: string, name: string): Promise<void> {
  const deployer = await asDeployer(kubectl, web, address);
  await deployer.requestData(`auth/kubernetes/role/${name}`, { method: "DELETE" });
  await deployer.requestData(`sys/policies/acl/${name}`, { method: "DELETE" });
  await kubectl.run("-n", "default", "delete", "serviceaccount", name);
}
