import { z } from "zod";
import type { Kubectl } from "./sandbox.ts";
import type { Web, WebAnswer, WebRequest } from "./web.ts";

const answerData = z
  .object({
    data: z
      .record(z.string(), z.unknown())
      .nullish()
      .transform((data) => data ?? {}),
  })
  .catch({ data: {} });
const login = z.object({ auth: z.object({ client_token: z.string(), policies: z.array(z.string()) }) });

/** Vault's API as somebody uses it from outside of the cluster. */
export class VaultClient {
  readonly #web: Web;
  readonly #address: string;
  readonly #token: string;

  constructor(web: Web, address: string, token = "") {
    this.#web = web;
    this.#address = address;
    this.#token = token;
  }

  /** A login by Kubernetes' word, which must succeed. */
  async asServiceAccount(role: string, jwt: string): Promise<VaultClient> {
    const { auth } = await this.#web.expect(login, `${this.#address}/v1/auth/kubernetes/login`, {
      json: { role, jwt },
    });
    return new VaultClient(this.#web, this.#address, auth.client_token);
  }

  ask(path: string, request: WebRequest = {}): Promise<WebAnswer> {
    const headers = { "x-vault-request": "true", ...(this.#token === "" ? {} : { "x-vault-token": this.#token }) };
    return this.#web.ask(`${this.#address}/v1/${path}`, { ...request, headers });
  }

  /** Asks for what must be granted. @returns the answer's `data` */
  async must(path: string, request: WebRequest = {}): Promise<Record<string, unknown>> {
    const { status, body } = await this.ask(path, request);
    if (status >= 300) {
      throw new Error(`Vault answered ${status} to ${path}: ${JSON.stringify(body)}`);
    }
    return answerData.parse(body).data;
  }
}

const kubernetesNamespace = "iam";

/** A short-lived token of a service account, as Kubernetes makes it for one audience. */
export function serviceAccountToken(kubectl: Kubectl, account: string, namespace: string, audience = "vault") {
  return kubectl.run("-n", namespace, "create", "token", account, `--audience=${audience}`, "--duration=10m");
}

/** Vault as the deployer sees it: everything but the secrets. */
export async function asDeployer(kubectl: Kubectl, web: Web, address: string): Promise<VaultClient> {
  const jwt = await serviceAccountToken(kubectl, "pulumi", kubernetesNamespace);
  return new VaultClient(web, address).asServiceAccount("pulumi", jwt);
}

/**
 * Vault as somebody sees it who has a policy of this test's own, by a service account of this test's own.
 *
 * @param name - of policy, role and service account: unique among the tests
 */
export async function withPolicy(
  kubectl: Kubectl,
  web: Web,
  address: string,
  name: string,
  policy: string,
): Promise<VaultClient> {
  const deployer = await asDeployer(kubectl, web, address);
  await kubectl.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "default" } });
  await deployer.must(`sys/policies/acl/${name}`, { json: { policy } });
  await deployer.must(`auth/kubernetes/role/${name}`, {
    json: {
      bound_service_account_names: [name],
      bound_service_account_namespaces: ["default"],
      audience: "vault",
      token_policies: [name],
      token_ttl: "10m",
    },
  });
  const jwt = await serviceAccountToken(kubectl, name, "default");
  return new VaultClient(web, address).asServiceAccount(name, jwt);
}

/** Takes back what `withPolicy` made. */
export async function forgetPolicy(kubectl: Kubectl, web: Web, address: string, name: string): Promise<void> {
  const deployer = await asDeployer(kubectl, web, address);
  await deployer.must(`auth/kubernetes/role/${name}`, { method: "DELETE" });
  await deployer.must(`sys/policies/acl/${name}`, { method: "DELETE" });
  await kubectl.run("-n", "default", "delete", "serviceaccount", name);
}
