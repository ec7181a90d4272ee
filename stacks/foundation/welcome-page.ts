import * as pulumi from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import { BibindComponent } from "../../components/base.ts";
import { managedLabel } from "../../components/kubernetes/managed.ts";
import { welcomeNamespace } from "./namespaces.ts";

export interface WelcomePageArgs {
  /** Full DNS name of the page. */
  readonly host: string;
  /** Image of hashicorp/http-echo, which answers every request with the text of its argument. */
  readonly image: string;
  readonly ingressClass: string;
  /** ClusterIssuer that signs the page's certificate. */
  readonly clusterIssuer: pulumi.Input<string>;
}

const port = 8080;
const labels = { "app.kubernetes.io/name": "welcome" };

/** An example page. It shows that names, certificates, ingress and scheduling work before any other layer exists. */
export class WelcomePage extends BibindComponent {
  /** URL of the page. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: WelcomePageArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:foundation:WelcomePage", name, opts);
    const namespace = new Namespace(
      this.child("namespace"),
      { metadata: { name: welcomeNamespace, labels: managedLabel } },
      { parent: this },
    );
    const metadata = { name: "welcome", namespace: namespace.metadata.name, labels };
    const deployment = new Deployment(
      this.child("deployment"),
      { metadata, spec: { selector: { matchLabels: labels }, template: podTemplate(args) } },
      { parent: this },
    );
    const service = new Service(
      this.child("service"),
      { metadata, spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: port }] } },
      { parent: this, dependsOn: [deployment] },
    );
    new Ingress(
      this.child("ingress"),
      {
        metadata: {
          ...metadata,
          annotations: {
            "cert-manager.io/cluster-issuer": args.clusterIssuer,
            "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
            // MicroK8s' ingress runs on the node's own address and reports no load balancer to wait for.
            "pulumi.com/skipAwait": "true",
          },
        },
        spec: {
          ingressClassName: args.ingressClass,
          tls: [{ hosts: [args.host], secretName: "welcome-tls" }],
          rules: [
            {
              host: args.host,
              http: {
                paths: [
                  {
                    path: "/",
                    pathType: "Prefix",
                    backend: { service: { name: service.metadata.name, port: { name: "http" } } },
                  },
                ],
              },
            },
          ],
        },
      },
      { parent: this },
    );
    this.url = pulumi.output(`https://${args.host}`);
    this.registerOutputs({ url: this.url });
  }
}

function podTemplate({ host, image }: WelcomePageArgs): object {
  return {
    metadata: { labels },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "web",
          image,
          args: [`-listen=:${port}`, `-text=Bienvenue sur Bibind - Welcome to Bibind (${host})`],
          ports: [{ containerPort: port }],
          readinessProbe: { httpGet: { path: "/health", port } },
          resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    },
  };
}
