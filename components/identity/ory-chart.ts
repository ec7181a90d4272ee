import type * as pulumi from "@pulumi/pulumi";
import { serviceFileKey } from "../access/leased-database-user.ts";
import { applicationLabel } from "../kubernetes/application.ts";
import { caFile } from "../kubernetes/model.ts";
import { caChecksum, caVolume, delayedStop, secretVolume } from "../kubernetes/pods.ts";
import type { OryServerArgs } from "./ory-server.ts";

/** Folder of the certificate in the pods of Ory's programs. */
const tlsFolder = "/etc/tls";

const databaseFolder = "/etc/database";
const serviceFileVariable = { name: "PGSERVICEFILE", value: `${databaseFolder}/${serviceFileKey}` };

/** TLS settings of Ory's programs, for the public and the admin port. */
export const oryTls = { cert: { path: `${tlsFolder}/tls.crt` }, key: { path: `${tlsFolder}/tls.key` } };

/** Arguments for the values of both charts, Hydra's and Kratos'. */
export interface OryWorkload {
  /** Label of the pods, name of the Service and of everything else. */
  readonly application: string;
  readonly serviceAccount: string;
  /** Secret with the server's certificate. */
  readonly tlsSecret: string;
  /** Secret with the service file of the database. */
  readonly databaseSecret: string;
  /** PEM certificate of the cluster-internal CA. */
  readonly internalCaCertificate: pulumi.Input<string>;
}

/** The arguments of one of Ory's servers, for the values of its chart. */
export function oryWorkload(application: string, args: OryServerArgs, tlsSecret: string): OryWorkload {
  const { identity, database, internalCaCertificate } = args;
  return {
    application,
    serviceAccount: identity.serviceAccount,
    tlsSecret,
    databaseSecret: database.secretName,
    internalCaCertificate,
  };
}

/** An environment variable from a Secret. */
export function secretVariable(name: string, secret: string, key: string): object {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** Values of every pod of Ory's charts, by the keys that `deployment` and `statefulSet` share (chart 0.57). */
function podValues({ tlsSecret, databaseSecret }: OryWorkload, variables: readonly object[]): object {
  const volumes = [
    caVolume,
    secretVolume("tls", tlsFolder, tlsSecret),
    secretVolume("database", databaseFolder, databaseSecret),
  ];
  return {
    extraVolumes: volumes.map(({ volume }) => volume),
    extraVolumeMounts: volumes.map(({ mount }) => mount),
    extraEnv: [serviceFileVariable, { name: "SSL_CERT_FILE", value: caFile }, ...variables],
  };
}

/** Readiness endpoint of a server. */
export interface Health {
  readonly path: string;
  readonly port: number;
}

/** Probes over TLS. The charts' own probes do not support TLS. */
function probes({ path, port }: Health): object {
  const probe = (failureThreshold: number): object => ({
    httpGet: { path, port, scheme: "HTTPS" },
    periodSeconds: 2,
    failureThreshold,
  });
  return { customStartupProbe: probe(60), customReadinessProbe: probe(3) };
}

/** Values of the server's Deployment. Kratos' chart also takes the resources of its StatefulSet from here. */
export function oryDeployment(workload: OryWorkload, health: Health, variables: readonly object[] = []): object {
  return {
    ...podValues(workload, variables),
    ...probes(health),
    podMetadata: {
      labels: { [applicationLabel]: workload.application },
      annotations: caChecksum(workload.internalCaCertificate),
    },
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    lifecycle: delayedStop,
    serviceAccount: { create: false, name: workload.serviceAccount },
    automigration: { extraEnv: [serviceFileVariable] },
  };
}

/**
 * Values of the StatefulSet that sends Kratos' mail. The chart reads the metadata of its pods from `labels` and
 * `annotations`, ignores `podMetadata`, and takes the resources of the Deployment.
 */
export function oryStatefulSet(workload: OryWorkload, variables: readonly object[]): object {
  return {
    ...podValues(workload, variables),
    labels: { [applicationLabel]: workload.application },
    annotations: caChecksum(workload.internalCaCertificate),
  };
}

/**
 * A connection ends long before the database user that opened it (see `LeasedDatabaseUser`): the end of the user also ends
 * its connections, and with them the requests that use one.
 */
export const oryPool = { max_conns: "16", max_idle_conns: "8", max_conn_lifetime: "30s" };
