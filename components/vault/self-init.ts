import { vaultAudience } from "./address.ts";
import { authMethods } from "./mounts.ts";
import { deployerName, deployerPolicy } from "./policies/deployer.ts";

/** A value in a request to Vault's API. */
export type RequestValue = string | boolean | readonly string[];

/** A request that must be made once, with the root token, before the deployer can log in. */
export interface FirstRequest {
  /** Unique among them; letters, digits, `-` and `_`. */
  readonly name: string;
  /** Path of the API below `/v1/`, to which `data` is written. */
  readonly path: string;
  readonly data: Readonly<Record<string, RequestValue>>;
}

/** Duration of a login, in Vault's format. */
const loginDuration = "1h";

/**
 * The requests that enable the deployer's login: Kubernetes authentication, the policy `pulumi` and the role `pulumi`.
 *
 * OpenBao makes them itself at its first start. For HashiCorp Vault, `VaultInit` makes them with the root token. Vault
 * reviews tokens with the CA and the service account of its own pod.
 *
 * @param namespace - of the service account `pulumi`
 */
export function deployerLogin(namespace: string): FirstRequest[] {
  const method = authMethods.kubernetes;
  return [
    {
      name: "kubernetes",
      path: `sys/auth/${method}`,
      data: { type: "kubernetes", description: "service accounts of the platform" },
    },
    {
      name: "kubernetes-config",
      path: `auth/${method}/config`,
      data: { kubernetes_host: "https://kubernetes.default.svc" },
    },
    { name: "deployer-policy", path: `sys/policies/acl/${deployerName}`, data: { policy: deployerPolicy } },
    {
      name: "deployer-role",
      path: `auth/${method}/role/${deployerName}`,
      data: {
        bound_service_account_names: [deployerName],
        bound_service_account_namespaces: [namespace],
        audience: vaultAudience,
        token_policies: [deployerName],
        token_no_default_policy: true,
        token_ttl: loginDuration,
        token_max_ttl: loginDuration,
      },
    },
  ];
}

/**
 * The requests as OpenBao's stanza `initialize`. OpenBao makes them in this order at the first start, with a root token
 * that it then revokes. If one fails, or if the server is killed between them, the server refuses to start again
 * ("self-initialization failed: refusing to unseal"): its storage is empty and must be deleted first.
 *
 * OpenBao 2.7 logs "unknown or unsupported field" for the first request, and makes the request all the same.
 */
export function selfInitialization(requests: readonly FirstRequest[]) {
  const request = requests.map(({ name, path, data }) => ({ [name]: { operation: "update", path, data } }));
  return { initialize: [{ bibind: { request } }] };
}
