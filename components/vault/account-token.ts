import { z } from "zod";
import { OperatorError } from "../errors/operator-error.ts";
import type { Connection } from "../kubernetes/kubeconfig.ts";
import { vaultAudience } from "./address.ts";
import { HttpRefusal, NoJson, postJson } from "./https-json.ts";
import { deployerName } from "./policies/deployer.ts";

/** Validity of the service account's token in seconds. It is used at once; this is Kubernetes' minimum. */
const tokenSeconds = 600;

const tokenAnswer = z.object({ status: z.object({ token: z.string() }) });

/** Kubernetes cannot be reached or is not ready. A retry may help. */
export class KubernetesUnavailable extends Error {
  override readonly name = "KubernetesUnavailable";
}

/** What each refusal of Kubernetes means, and what to do. */
const refusals: Readonly<Record<number, readonly [what: string, remedy: string]>> = {
  401: ["does not accept the credential of the kubeconfig", "give a kubeconfig whose credential is valid now"],
  403: [
    "does not let the user of the kubeconfig request tokens of the deployer's service account",
    "give the kubeconfig of a cluster administrator",
  ],
  404: [
    "does not know the deployer's service account",
    "check that the kubeconfig is that of the cluster on which the layer iam is deployed",
  ],
};

function refusalOf(error: unknown, server: string): OperatorError | undefined {
  if (error instanceof HttpRefusal && error.status < 500 && error.status !== 429) {
    const [what, remedy] = refusals[error.status] ?? ["refuses a token", "read its message"];
    const parts = { what: `Kubernetes ${what}: ${error.message}`, where: server, remedy };
    return new OperatorError(parts, { cause: error });
  }
  // No cause is attached: the answer may hold a token.
  return error instanceof NoJson || error instanceof z.ZodError
    ? new OperatorError({
        what: "the server of the kubeconfig does not answer like Kubernetes",
        where: server,
        remedy: "check the server in the kubeconfig, and that no proxy answers in its place",
      })
    : undefined;
}

/**
 * A short-lived token of the deployer's service account, by the TokenRequest API of Kubernetes.
 *
 * @throws OperatorError when Kubernetes refuses, or when its credential cannot be had; KubernetesUnavailable otherwise
 */
export async function accountToken(cluster: Connection, namespace: string): Promise<string> {
  const url = new URL(`${cluster.server}/api/v1/namespaces/${namespace}/serviceaccounts/${deployerName}/token`);
  const wanted = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { audiences: [vaultAudience], expirationSeconds: tokenSeconds },
  };
  const options = { ...cluster.tls, headers: await cluster.headers() };
  try {
    return tokenAnswer.parse(await postJson(url, wanted, options)).status.token;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refusalOf(cause, cluster.server) ?? new KubernetesUnavailable(reason, { cause });
  }
}
