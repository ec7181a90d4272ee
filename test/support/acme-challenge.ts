/** A challenge of a public CA: it asks for the key under the token's path, on port 80 of the host. */
export interface Challenge {
  readonly namespace: string;
  readonly host: string;
  readonly token: string;
  readonly key: string;
}

const port = 8089;

/** Name of the objects of every challenge. */
export const challengeName = "e2e-challenge";

/** The objects that cert-manager creates for a challenge: its own program in a pod, a Service and an Ingress. */
export function challengeObjects({ namespace, host, token, key }: Challenge): object[] {
  const labels = { "acme.cert-manager.io/http01-solver": "true" };
  const metadata = { name: challengeName, namespace, labels };
  const container = {
    name: "acmesolver",
    image: "quay.io/jetstack/cert-manager-acmesolver:v1.11.5",
    args: [`--listen-port=${port}`, `--domain=${host}`, `--token=${token}`, `--key=${key}`],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
  const path = {
    path: `/.well-known/acme-challenge/${token}`,
    pathType: "ImplementationSpecific",
    backend: { service: { name: challengeName, port: { number: port } } },
  };
  return [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata,
      spec: {
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [container],
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { type: "NodePort", selector: labels, ports: [{ name: "http", port, targetPort: port }] },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { ...metadata, annotations: { "traefik.ingress.kubernetes.io/router.entrypoints": "web" } },
      spec: { ingressClassName: "public", rules: [{ host, http: { paths: [path] } }] },
    },
  ];
}
