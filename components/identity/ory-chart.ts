import type * as pulumi from "@pulumi/pulumi";
import { serviceFileKey } from "../access/leased-database-user.ts";
import { applicationLabel } from "../kubernetes/application.ts";
import { caFile } from "../kubernetes/model.ts";
import { caVolume, outlivingItsRoute, secretVolume } from "./pods.ts";

/** Where Ory's programs find their certificate. */
const tlsFolder = "/etc/tls";

const databaseFolder = "/etc/database";
const serviceFileVariable = { name: "PGSERVICEFILE", value: `${databaseFolder}/${serviceFileKey}` };

/** How Ory's programs speak TLS, both on the public and on the admin port. */
export const oryTls = { cert: { path: `${tlsFolder}/tls.crt` }, key: { path: `${tlsFolder}/tls.key` } };

/** What Hydra and Kratos are both given. */
export interface OryWorkload {
  /** Label of the pods, name of the Service and of everything else. */
  readonly application: string;
  readonly serviceAccount: pulumi.Input<string>;
  /** Secret with the server's certificate. */
  readonly tlsSecret: pulumi.Input<string>;
  /** Secret with the service file of the database. */
  readonly databaseSecret: pulumi.Input<string>;
}

/** An environment variable out of a Secret. */
export function secretVariable(name: string, secret: pulumi.Input<string>, key: string): object {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** What every pod of Ory's charts is given, by the keys that `deployment` and `statefulSet` share (chart 0.57). */
function podValues({ application, tlsSecret, databaseSecret }: OryWorkload, variables: readonly object[]): object {
  const volumes = [
    caVolume,
    secretVolume("tls", tlsFolder, tlsSecret),
    secretVolume("database", databaseFolder, databaseSecret),
  ];
  return {
    podMetadata: { labels: { [applicationLabel]: application } },
    extraVolumes: volumes.map(({ volume }) => volume),
    extraVolumeMounts: volumes.map(({ mount }) => mount),
    extraEnv: [serviceFileVariable, { name: "SSL_CERT_FILE", value: caFile }, ...variables],
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  };
}

/** Where a server says that it is ready. */
export interface Health {
  readonly path: string;
  readonly port: number;
}

/** The charts' own probes know no TLS. */
function probes({ path, port }: Health): object {
  const probe = (failureThreshold: number): object => ({
    httpGet: { path, port, scheme: "HTTPS" },
    periodSeconds: 2,
    failureThreshold,
  });
  return { customStartupProbe: probe(60), customReadinessProbe: probe(3) };
}

/** Values of the server's Deployment. */
export function oryDeployment(workload: OryWorkload, health: Health, variables: readonly object[] = []): object {
  return {
    ...podValues(workload, variables),
    ...probes(health),
    lifecycle: outlivingItsRoute,
    serviceAccount: { create: false, name: workload.serviceAccount },
    automigration: { extraEnv: [serviceFileVariable] },
  };
}

/** Values of the StatefulSet that sends Kratos' mail. */
export function oryStatefulSet(workload: OryWorkload, variables: readonly object[]): object {
  return podValues(workload, variables);
}

/** Connections end long before the user by which they were opened: see `LeasedDatabaseUser`. */
export const oryPool = { max_conns: "16", max_idle_conns: "8", max_conn_lifetime: "5m" };
