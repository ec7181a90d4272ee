import * as pulumi from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { AppIdentity } from "../access/app-identity.ts";
import { Certificate } from "../access/certificate.ts";
import { after } from "../after.ts";
import { BibindComponent } from "../base.ts";
import { applicationLabels } from "../kubernetes/application.ts";
import { caFile } from "../kubernetes/model.ts";
import { Route, verifiedTls } from "../kubernetes/route.ts";
import { hydraAdminUrl } from "./hydra.ts";
import { kratosUrls } from "./kratos.ts";
import type { SignInPlace } from "./ory-server.ts";
import {
  caVolume,
  configVolume,
  containerSecurity,
  outlivingItsRoute,
  podSecurity,
  secretVolume,
  type MountedVolume,
} from "./pods.ts";

/** Application, and TLS port of its pods and its Service. */
export const signInPages = "identity";
export const signInPort = 8443;

/** Who has which role, by verified e-mail address. */
export type RoleMembers = Readonly<Record<"operator" | "auditor" | "developer", readonly string[]>>;

export interface SignInPagesArgs extends Omit<SignInPlace, "chart"> {
  readonly identity: AppIdentity;
  /** Image of services/identity. */
  readonly image: string;
  /** Secret whose key `cookieSecret` signs the cookies of the pages. */
  readonly keyringSecret: pulumi.Input<string>;
  /** What people are let do, by the e-mail address that they have shown to be theirs. */
  readonly roles: RoleMembers;
}

const folders = { config: "/etc/identity", tls: "/etc/tls", keyring: "/etc/keyring" };

/** The pages on which people sign in, agree and leave: services/identity. */
export class SignInPages extends BibindComponent {
  /** URL of the pages, known once they answer. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: SignInPagesArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:identity:SignInPages", name, opts);
    const { namespace, host, model } = args;
    const labels = applicationLabels(signInPages);
    const metadata = { name: signInPages, namespace, labels };
    const deployment = new Deployment(
      this.child("deployment"),
      {
        metadata,
        spec: {
          replicas: args.replicas,
          selector: { matchLabels: labels },
          template: podTemplate(args, this.volumes(args, labels), labels),
        },
      },
      { parent: this },
    );
    new Service(
      this.child("service"),
      {
        metadata: { ...metadata, annotations: verifiedTls(model, signInPages) },
        spec: { selector: labels, ports: [{ name: "https", port: signInPort, targetPort: signInPort }] },
      },
      { parent: this, dependsOn: [deployment] },
    );
    new Route(
      this.child("route"),
      {
        namespace,
        host,
        paths: ["/"],
        service: signInPages,
        port: signInPort,
        ingressClass: args.ingressClass,
        tlsSecret: args.hostTlsSecret,
      },
      { parent: this },
    );
    this.url = after([deployment.id], pulumi.interpolate`https://${host}`);
    this.registerOutputs({ url: this.url });
  }

  private volumes(args: SignInPagesArgs, labels: Record<string, string>): MountedVolume[] {
    const { namespace, clusterIssuer } = args;
    const tls = new Certificate(
      this.child("tls"),
      {
        namespace,
        clusterIssuer,
        secretName: `${signInPages}-tls`,
        dnsNames: [pulumi.interpolate`${signInPages}.${namespace}.svc`],
      },
      { parent: this },
    );
    const config = new ConfigMap(
      this.child("config"),
      {
        // Its name is made anew with its content: the pods roll over to it one by one, and the former serve meanwhile.
        metadata: { namespace, labels },
        data: { "config.json": pulumi.output(args.host).apply((host) => JSON.stringify(configuration(args, host))) },
      },
      { parent: this },
    );
    return [
      caVolume,
      configVolume(folders.config, config.metadata.name),
      secretVolume("tls", folders.tls, tls.secretName),
      secretVolume("keyring", folders.keyring, args.keyringSecret),
    ];
  }
}

function configuration({ model, roles }: SignInPagesArgs, host: string): object {
  const kratos = kratosUrls(model);
  return {
    publicUrl: `https://${host}`,
    port: signInPort,
    kratos: { publicUrl: kratos.public, adminUrl: kratos.admin },
    hydra: { adminUrl: hydraAdminUrl(model) },
    tls: { certFile: `${folders.tls}/tls.crt`, keyFile: `${folders.tls}/tls.key` },
    cookieSecretFile: `${folders.keyring}/cookieSecret`,
    groups: roles,
  };
}

function podTemplate(args: SignInPagesArgs, volumes: readonly MountedVolume[], labels: object): object {
  const probe = (path: string): object => ({ httpGet: { path, port: signInPort, scheme: "HTTPS" }, periodSeconds: 2 });
  const spec = {
    serviceAccountName: args.identity.serviceAccount,
    automountServiceAccountToken: false,
    securityContext: podSecurity,
    volumes: volumes.map(({ volume }) => volume),
    containers: [
      {
        name: "pages",
        image: args.image,
        args: ["serve", "--config", `${folders.config}/config.json`],
        env: [{ name: "NODE_EXTRA_CA_CERTS", value: caFile }],
        ports: [{ name: "https", containerPort: signInPort }],
        lifecycle: outlivingItsRoute,
        readinessProbe: probe("/health/ready"),
        livenessProbe: { ...probe("/health/alive"), periodSeconds: 10 },
        volumeMounts: volumes.map(({ mount }) => mount),
        resources: { requests: { cpu: "20m", memory: "96Mi" }, limits: { memory: "256Mi" } },
        securityContext: containerSecurity,
      },
    ],
  };
  return { metadata: { labels }, spec };
}
