import * as pulumi from "@pulumi/pulumi";
import { CustomResourceDefinition } from "@pulumi/kubernetes/apiextensions/v1/customResourceDefinition.js";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole.js";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import { oauthClientDefinition, oauthClientResource } from "../../services/identity/clients/custom-resource.ts";
import type { AppIdentity } from "../access/app-identity.ts";
import { BibindComponent } from "../base.ts";
import { applicationLabels } from "../kubernetes/application.ts";
import { managedLabel } from "../kubernetes/managed.ts";
import { caFile } from "../kubernetes/model.ts";
import {
  caChecksum,
  caVolume,
  configVolume,
  containerSecurity,
  kubernetesAccess,
  podSecurity,
  tokenVolume,
  type MountedVolume,
} from "../kubernetes/pods.ts";
import { physicalName } from "../names.ts";
import { vaultAudience } from "../vault/address.ts";
import { authMethods, engines } from "../vault/mounts.ts";
import { clientController, hydraAdminUrl } from "./endpoints.ts";

/** The sign-in of people to Vault itself. */
export interface VaultSignIn {
  /** Client by which Vault signs people in, and the namespace of its OAuthClient. */
  readonly clientId: string;
  readonly namespace: string;
  readonly issuer: pulumi.Input<string>;
  /** PEM certificate of the CA that signed the issuer's; empty for a public one. */
  readonly caCertificate: pulumi.Input<string>;
  /** Role by which people sign in unless they name another. */
  readonly defaultRole: string;
}

export interface ClientControllerArgs {
  /** Name of the model, which is its namespace. */
  readonly model: string;
  readonly identity: AppIdentity;
  /** URL of Vault, as pods reach it. */
  readonly vaultAddress: string;
  /** Image of services/identity. */
  readonly image: string;
  /** PEM certificate of the cluster-internal CA. The pod restarts when it changes. */
  readonly internalCaCertificate: pulumi.Input<string>;
  readonly signIn: VaultSignIn;
}

const folders = { config: "/etc/identity", vault: "/var/run/vault", kubernetes: "/var/run/kubernetes" };

/** Port of the probes. */
const healthPort = 8081;

/** Interval in seconds at which the controller compares Hydra with every OAuthClient. */
const resyncSeconds = 600;

/** The controller of OAuthClients (services/identity): the custom resource, its rights and its pod. */
export class ClientController extends BibindComponent {
  constructor(name: string, args: ClientControllerArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:identity:ClientController", name, opts, args.identity);
    const { model, identity } = args;
    const labels = applicationLabels(clientController);
    const definition = this.customResource();
    const binding = this.access(identity);
    const config = new ConfigMap(
      this.child("config"),
      // New content gets a new name, so that the pod restarts with it.
      { metadata: { namespace: model, labels }, data: { "config.json": configuration(args) } },
      { parent: this },
    );
    const volumes = [
      caVolume,
      configVolume(folders.config, config.metadata.name),
      tokenVolume(folders.vault, vaultAudience),
      kubernetesAccess(folders.kubernetes),
    ];
    new Deployment(
      this.child("deployment"),
      {
        metadata: { name: clientController, namespace: model, labels },
        spec: {
          replicas: 1,
          // Two controllers at once could give one client to two OAuthClients.
          strategy: { type: "Recreate" },
          selector: { matchLabels: labels },
          template: podTemplate(args, volumes, labels),
        },
      },
      { parent: this, dependsOn: [definition, binding] },
    );
    this.registerOutputs({});
  }

  private customResource(): CustomResourceDefinition {
    const { group, plural } = oauthClientResource;
    return new CustomResourceDefinition(
      this.child("definition"),
      { metadata: { name: `${plural}.${group}`, labels: managedLabel }, spec: oauthClientDefinition() },
      { parent: this },
    );
  }

  private access({ namespace, serviceAccount }: AppIdentity): ClusterRoleBinding {
    const { group, plural } = oauthClientResource;
    const metadata = { name: physicalName("kubernetesObject", namespace, clientController), labels: managedLabel };
    const role = new ClusterRole(
      this.child("role"),
      {
        metadata,
        rules: [
          { apiGroups: [group], resources: [plural], verbs: ["get", "list", "watch", "patch"] },
          { apiGroups: [group], resources: [`${plural}/status`], verbs: ["patch"] },
        ],
      },
      { parent: this },
    );
    return new ClusterRoleBinding(
      this.child("binding"),
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace }],
      },
      { parent: this },
    );
  }
}

function configuration({ model, identity, vaultAddress, signIn }: ClientControllerArgs): pulumi.Output<string> {
  return pulumi.jsonStringify({
    hydra: { adminUrl: hydraAdminUrl(model) },
    vault: {
      address: vaultAddress,
      role: identity.role,
      authMount: authMethods.kubernetes,
      kvMount: engines.kv,
      tokenFile: `${folders.vault}/token`,
    },
    kubernetes: {
      server: "https://kubernetes.default.svc",
      tokenFile: `${folders.kubernetes}/token`,
      caFile: `${folders.kubernetes}/ca.crt`,
    },
    healthPort,
    resyncSeconds,
    signIn: { mount: authMethods.people, ...signIn },
  });
}

function podTemplate(
  { identity, image, internalCaCertificate }: ClientControllerArgs,
  volumes: readonly MountedVolume[],
  labels: object,
): object {
  const probe = (path: string): object => ({ httpGet: { path, port: healthPort }, periodSeconds: 2 });
  const spec = {
    serviceAccountName: identity.serviceAccount,
    automountServiceAccountToken: false,
    securityContext: podSecurity,
    volumes: volumes.map(({ volume }) => volume),
    containers: [
      {
        name: "controller",
        image,
        args: ["serve-clients", "--config", `${folders.config}/config.json`],
        env: [{ name: "NODE_EXTRA_CA_CERTS", value: caFile }],
        readinessProbe: probe("/health/ready"),
        livenessProbe: { ...probe("/health/alive"), periodSeconds: 10 },
        volumeMounts: volumes.map(({ mount }) => mount),
        resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        securityContext: containerSecurity,
      },
    ],
  };
  return { metadata: { labels, annotations: caChecksum(internalCaCertificate) }, spec };
}
