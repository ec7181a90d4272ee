import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { BibindComponent } from "../base.ts";
import { applicationLabel } from "../kubernetes/application.ts";
import { Certificate } from "../kubernetes/certificate.ts";
import { fixedVolume } from "../kubernetes/fixed-volume.ts";
import { physicalName } from "../names.ts";
import { accessRules } from "./endpoint.ts";
import { consumersGroup, leasedUsersSql, vaultDatabase, vaultUser } from "./leased-users.ts";

export interface PostgresClusterArgs {
  readonly namespace: string;
  /** Name of the cluster, and label of its pods. A change replaces the cluster and deletes its data. */
  readonly application: string;
  /** Number of servers: one primary, the others standby. Changed in place. */
  readonly instances: number;
  /** Volume of each server in GiB. It cannot be changed later. */
  readonly storageGiB: number;
  readonly storageClass: pulumi.Input<string>;
  /** Image of PostgreSQL. The operator upgrades to a new major version with a downtime. */
  readonly image: string;
  /** Databases. A role of the same name owns each. PostgreSQL keeps the data of a database that leaves the list. */
  readonly databases: readonly string[];
  /** cert-manager ClusterIssuer of the server's certificate. */
  readonly clusterIssuer: pulumi.Input<string>;
}

/** How Vault connects to the cluster. */
export interface VaultAccess {
  /** DNS name of the primary. */
  readonly host: string;
  readonly database: string;
  readonly username: string;
  /** Secret. */
  readonly password: pulumi.Output<string>;
}

const apiVersion = "postgresql.cnpg.io/v1";

/**
 * A PostgreSQL cluster of CloudNativePG (1.27) that speaks TLS with a cluster-internal certificate. No program signs in as
 * the owner of a database: Vault makes users that act as the owner.
 */
export class PostgresCluster extends BibindComponent {
  /** DNS name of the primary. */
  readonly host: string;
  readonly vaultAccess: VaultAccess;

  constructor(name: string, args: PostgresClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:postgres:PostgresCluster", name, opts);
    this.host = `${args.application}-rw.${args.namespace}.svc`;
    const password = new RandomPassword(this.child("vault-password"), { length: 40, special: false }, { parent: this })
      .result;
    const owner = this.ownerSecret(args, password);
    const cluster = this.cluster(args, this.certificate(args), owner);
    for (const database of args.databases) {
      this.database(args, cluster, database);
    }
    this.vaultAccess = { host: this.host, database: vaultDatabase, username: vaultUser, password };
    this.registerOutputs({ host: this.host, vaultAccess: this.vaultAccess });
  }

  /** The operator reads the certificate again when its Secret has the label `cnpg.io/reload`. */
  private certificate({ application, namespace, clusterIssuer }: PostgresClusterArgs): Certificate {
    const others = ["rw", "r", "ro"].map((service) => `${application}-${service}`);
    return new Certificate(
      this.child("tls"),
      {
        namespace,
        clusterIssuer,
        secretName: `${application}-tls`,
        dnsNames: [this.host, ...others, ...others.map((other) => `${other}.${namespace}`)],
        secretLabels: { "cnpg.io/reload": "" },
      },
      { parent: this },
    );
  }

  private ownerSecret({ application, namespace }: PostgresClusterArgs, password: pulumi.Output<string>): Secret {
    return new Secret(
      this.child("vault-secret"),
      {
        metadata: { name: `${application}-vault`, namespace, labels: { "cnpg.io/reload": "" } },
        type: "kubernetes.io/basic-auth",
        stringData: { username: vaultUser, password },
      },
      { parent: this },
    );
  }

  private cluster(args: PostgresClusterArgs, tls: Certificate, owner: Secret): CustomResource {
    const { application, namespace, storageClass } = args;
    return new CustomResource(
      this.child("cluster"),
      {
        apiVersion,
        kind: "Cluster",
        metadata: {
          name: physicalName("kubernetesObject", application),
          namespace,
          annotations: { "pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": "600" },
        },
        spec: {
          instances: args.instances,
          imageName: args.image,
          inheritedMetadata: { labels: { [applicationLabel]: application } },
          storage: { size: `${args.storageGiB}Gi`, storageClass },
          certificates: { serverCASecret: tls.secretName, serverTLSSecret: tls.secretName },
          enableSuperuserAccess: false,
          postgresql: { parameters: { reserved_connections: "5" }, pg_hba: accessRules },
          // The operator's queries run as superuser in every database, where its owner can change what they call. Versions
          // 1.28.3 and 1.29.1 give them a user of their own (CVE-2026-44477).
          monitoring: { disableDefaultQueries: true },
          bootstrap: {
            initdb: {
              database: vaultDatabase,
              owner: vaultUser,
              secret: { name: owner.metadata.name },
              dataChecksums: true,
              postInitApplicationSQL: leasedUsersSql,
            },
          },
          managed: {
            roles: args.databases.map((database) => ({
              name: physicalName("postgresIdentifier", database),
              ensure: "present",
              inRoles: [consumersGroup],
            })),
          },
          resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "512Mi" } },
        },
      },
      {
        parent: this,
        dependsOn: [tls],
        protect: true,
        hooks: fixedVolume({
          name: this.child("fixed-volume"),
          owner: "the PostgreSQL cluster",
          path: ["spec", "storage", "size"],
        }),
      },
    );
  }

  private database(args: PostgresClusterArgs, cluster: CustomResource, database: string): CustomResource {
    return new CustomResource(
      this.child(`database-${database}`),
      {
        apiVersion,
        kind: "Database",
        metadata: {
          name: physicalName("kubernetesObject", args.application, database),
          namespace: args.namespace,
          annotations: { "pulumi.com/waitFor": "jsonpath={.status.applied}=true" },
        },
        spec: {
          name: physicalName("postgresIdentifier", database),
          owner: physicalName("postgresIdentifier", database),
          cluster: { name: cluster.metadata.name },
          databaseReclaimPolicy: "retain",
        },
      },
      { parent: this },
    );
  }
}
