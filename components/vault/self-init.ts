import { authMethods } from "./mounts.ts";
import { deployerName, deployerPolicy } from "./policies/deployer.ts";

/** A value in a request to Vault's API. */
export type RequestValue = string | boolean | readonly string[];

/** A request that must be done once, by whoever holds the root token, before the deployer can sign in. */
export interface FirstRequest {
  /** Unique among them; letters, digits, `-` and `_`. */
  readonly name: string;
  /** Path of the API below `/v1/`, to which `data` is written. */
  readonly path: string;
  readonly data: Readonly<Record<string, RequestValue>>;
}

/** How the deployer signs in. */
export interface DeployerLoginArgs {
  /** Namespace of the service account `pulumi`. */
  readonly namespace: string;
  /** Whom the deployer's token must be made for. Default: `vault`. */
  readonly audience?: string;
  /** For how long a login holds, as Vault writes times. Default: `1h`. */
  readonly tokenTtl?: string;
  /** Address of the Kubernetes API. Default: the one of the cluster in which Vault runs. */
  readonly kubernetesHost?: string;
  /**
   * The authority of the Kubernetes API (PEM), when Vault runs outside that cluster; tokens are then reviewed with the
   * right of who signs in. Default: Vault uses the authority and the token of its own pod.
   */
  readonly kubernetesCaCert?: string;
}

/**
 * What makes the deployer's login work: Kubernetes authentication, the policy `pulumi` and the role `pulumi`.
 *
 * OpenBao does it by itself at its first start; for HashiCorp Vault it is done with the root token, which is then revoked.
 */
export function deployerLogin(args: DeployerLoginArgs): FirstRequest[] {
  const { namespace, audience = "vault", tokenTtl = "1h", kubernetesCaCert } = args;
  const method = authMethods.kubernetes;
  const authority: FirstRequest["data"] =
    kubernetesCaCert === undefined ? {} : { kubernetes_ca_cert: kubernetesCaCert, disable_local_ca_jwt: true };
  return [
    {
      name: "kubernetes",
      path: `sys/auth/${method}`,
      data: { type: "kubernetes", description: "service accounts of the platform" },
    },
    {
      name: "kubernetes-config",
      path: `auth/${method}/config`,
      data: { kubernetes_host: args.kubernetesHost ?? "https://kubernetes.default.svc", ...authority },
    },
    { name: "deployer-policy", path: `sys/policies/acl/${deployerName}`, data: { policy: deployerPolicy } },
    {
      name: "deployer-role",
      path: `auth/${method}/role/${deployerName}`,
      data: {
        bound_service_account_names: [deployerName],
        bound_service_account_namespaces: [namespace],
        audience,
        token_policies: [deployerName],
        token_no_default_policy: true,
        token_ttl: tokenTtl,
        token_max_ttl: tokenTtl,
      },
    },
  ];
}

/**
 * The requests as OpenBao's stanza `initialize`: done in this order at the first start, with a root token that is revoked
 * afterwards and never told. When one of them fails, or the server is killed between them, it refuses to start again
 * ("self-initialization failed: refusing to unseal"): its storage, which holds nothing yet, must be emptied first.
 *
 * OpenBao 2.7 logs for the first request "unknown or unsupported field": its reader of JSON counts wrongly, the request is
 * done.
 */
export function selfInitialization(requests: readonly FirstRequest[]) {
  const request = requests.map(({ name, path, data }) => ({ [name]: { operation: "update", path, data } }));
  return { initialize: [{ bibind: { request } }] };
}
