import * as pulumi from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { SyncedSecret } from "../access/synced-secret.ts";
import { BibindComponent } from "../base.ts";
import { applicationLabels } from "../kubernetes/application.ts";
import { Certificate } from "../kubernetes/certificate.ts";
import { caFile } from "../kubernetes/model.ts";
import {
  caChecksum,
  caVolume,
  configVolume,
  containerSecurity,
  delayedStop,
  podSecurity,
  secretVolume,
  type MountedVolume,
} from "../kubernetes/pods.ts";
import { Route, verifiedTls } from "../kubernetes/route.ts";
import type { PeopleRole } from "../vault/people.ts";
import { hydraAdminUrl, kratosUrls, signInPages, signInPort } from "./endpoints.ts";
import { identitySchemaId } from "./identity-schema.ts";
import type { SignInServerArgs } from "./ory-server.ts";

/** Members of each role, by verified e-mail address. */
export type RoleMembers = Readonly<Record<PeopleRole, readonly string[]>>;

export interface SignInPagesArgs extends SignInServerArgs {
  /** Image of services/identity. */
  readonly image: string;
  /** DNS name that leads to the start page, and its certificate. */
  readonly startHost: pulumi.Input<string>;
  readonly startCertificate: Certificate;
  /** Roles of people. A member gets the role after the verification of the e-mail address. */
  readonly roles: RoleMembers;
  /** Secret whose key `connection` is the URL of the SMTP server. */
  readonly mail: SyncedSecret;
  /** Sender of the platform's mail. */
  readonly mailFrom: { readonly address: string; readonly name: string };
  /** Roles that a person gets only in a session with a second factor. */
  readonly secondFactor: readonly PeopleRole[];
}

const folders = { config: "/etc/identity", tls: "/etc/tls", keys: "/etc/keyring", mail: "/etc/mail" };

/** The start page, and the pages on which people sign in, give consent and sign out: services/identity. */
export class SignInPages extends BibindComponent {
  constructor(name: string, args: SignInPagesArgs, opts: pulumi.ComponentResourceOptions) {
    const { model, host, edgeCertificate, startHost, startCertificate } = args;
    const required = [edgeCertificate, startCertificate, args.identity, args.keys, args.mail];
    super("bibind:identity:SignInPages", name, opts, ...required);
    const labels = applicationLabels(signInPages);
    const metadata = { name: signInPages, namespace: model, labels };
    const tls = this.certificate(args);
    const config = new ConfigMap(
      this.child("config"),
      {
        // New content gets a new name: the pods are replaced one by one, and the old pods keep the old content.
        metadata: { namespace: model, labels },
        data: {
          "config.json": pulumi
            .all([host, startHost])
            .apply(([host, startHost]) => JSON.stringify(configuration(args, host, startHost))),
        },
      },
      { parent: this },
    );
    const volumes = [
      caVolume,
      configVolume(folders.config, config.metadata.name),
      secretVolume("tls", folders.tls, tls.secretName),
      secretVolume("keyring", folders.keys, args.keys.secretName),
      secretVolume("mail", folders.mail, args.mail.secretName),
    ];
    const deployment = new Deployment(
      this.child("deployment"),
      {
        metadata,
        spec: {
          replicas: args.replicas,
          selector: { matchLabels: labels },
          template: podTemplate(args, volumes, labels),
        },
      },
      { parent: this, dependsOn: [tls] },
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
        namespace: model,
        hosts: [
          { host, tlsSecret: edgeCertificate.secretName },
          { host: startHost, tlsSecret: startCertificate.secretName },
        ],
        paths: ["/"],
        service: signInPages,
        port: signInPort,
        ingressClass: args.ingressClass,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private certificate({ model, clusterIssuer }: SignInPagesArgs): Certificate {
    return new Certificate(
      this.child("tls"),
      {
        namespace: model,
        clusterIssuer,
        secretName: `${signInPages}-tls`,
        dnsNames: [`${signInPages}.${model}.svc`],
      },
      { parent: this },
    );
  }
}

function configuration(
  { model, roles, secondFactor, mailFrom, replicas }: SignInPagesArgs,
  host: string,
  startHost: string,
): object {
  const kratos = kratosUrls(model);
  return {
    publicUrl: `https://${host}`,
    startHost,
    port: signInPort,
    replicas,
    kratos: { publicUrl: kratos.public, adminUrl: kratos.admin, schema: identitySchemaId },
    hydra: { adminUrl: hydraAdminUrl(model) },
    tls: { certFile: `${folders.tls}/tls.crt`, keyFile: `${folders.tls}/tls.key` },
    cookieSecretFile: `${folders.keys}/cookieSecret`,
    mail: { connectionFile: `${folders.mail}/connection`, from: mailFrom },
    groups: roles,
    secondFactor,
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
        lifecycle: delayedStop,
        readinessProbe: probe("/health/ready"),
        livenessProbe: { ...probe("/health/alive"), periodSeconds: 10 },
        volumeMounts: volumes.map(({ mount }) => mount),
        resources: { requests: { cpu: "20m", memory: "160Mi" }, limits: { memory: "320Mi" } },
        securityContext: containerSecurity,
      },
    ],
  };
  return { metadata: { labels, annotations: caChecksum(args.internalCaCertificate) }, spec };
}
