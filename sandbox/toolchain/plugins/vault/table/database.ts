import type { CheckFailure } from "../../server/plugin.ts";
import type { Properties } from "../../server/values.ts";
import { databaseConnection } from "../operations/database.ts";
import { object } from "../operations/object.ts";
import { block, flag, list, map, number, place, seconds, text } from "../schema/property.ts";
import { enterpriseOnly, newerVaultOnly, otherDatabase, row } from "../schema/row.ts";

/** OpenBao would take these in silence, and then trust nobody or show nothing. */
const ofAFile = (parameter: string) =>
  text({ refused: `OpenBao does not read it; name a file of its own machine in connectionUrl by ${parameter}=FILE` });

const postgresql = block(
  {
    connectionUrl: text({ secret: true }),
    username: text(),
    password: text({ secret: true, unread: true }),
    passwordWo: text({ secret: true, writtenWith: "passwordWoVersion", field: "password" }),
    passwordWoVersion: number({ unread: true, field: false }),
    passwordAuthentication: text({ default: "password" }),
    usernameTemplate: text(),
    disableEscaping: flag({ default: false }),
    maxOpenConnections: number({ default: 2 }),
    maxIdleConnections: number({ default: 0 }),
    maxConnectionLifetime: seconds({ default: 0 }),
    tlsCa: ofAFile("sslrootcert"),
    tlsCertificate: ofAFile("sslcert"),
    privateKey: ofAFile("sslkey"),
  },
  { field: false, secret: true },
);

const otherEngines = [
  "cassandra",
  "couchbase",
  "elasticsearch",
  "hana",
  "influxdb",
  "mongodb",
  "mongodbatlas",
  "mssql",
  "mysql",
  "mysqlAurora",
  "mysqlLegacy",
  "mysqlRds",
  "oracle",
  "redis",
  "redisElasticache",
  "redshift",
  "snowflake",
];

const rotation = ["rotationPeriod", "rotationSchedule"];

function oneRotation(inputs: Properties): CheckFailure[] {
  const given = rotation.filter((name) => inputs[name] !== undefined);
  return given.length === 1
    ? []
    : [{ property: "rotationPeriod", reason: `give exactly one of ${rotation.join(", ")}` }];
}

const credential = { credentialType: text({ computed: true }), credentialConfig: map({ computed: true }) };

export const databaseRows = [
  row({
    type: "vault:database/secretBackendConnection:SecretBackendConnection",
    path: "{backend}/config/{name}",
    properties: {
      backend: place({ required: true }),
      name: place({ autoName: true }),
      pluginName: text({ computed: true }),
      allowedRoles: list(),
      verifyConnection: flag({ default: true, unread: true }),
      rootRotationStatements: list({ answerField: "root_credentials_rotate_statements" }),
      passwordPolicy: text(),
      data: map({ secret: true, unread: true, field: false }),
      postgresql,
    },
    refuses: {
      [otherDatabase]: otherEngines,
      [enterpriseOnly]: [
        "disableAutomatedRotation",
        "rotationPeriod",
        "rotationSchedule",
        "rotationWindow",
        "skipStaticRoleImportRotation",
      ],
      "the plugin built into the server is used": ["pluginVersion"],
    },
    validate: (inputs) =>
      inputs.postgresql === undefined ? [{ property: "postgresql", reason: "is required: " + otherDatabase }] : [],
    operations: databaseConnection,
  }),
  row({
    type: "vault:database/secretBackendRole:SecretBackendRole",
    path: "{backend}/roles/{name}",
    properties: {
      backend: place({ required: true }),
      name: place({ autoName: true }),
      dbName: text({ required: true, replaces: true }),
      creationStatements: list({ required: true }),
      revocationStatements: list(),
      rollbackStatements: list(),
      renewStatements: list(),
      defaultTtl: seconds(),
      maxTtl: seconds(),
      ...credential,
    },
    operations: object(),
  }),
  row({
    type: "vault:database/secretBackendStaticRole:SecretBackendStaticRole",
    path: "{backend}/static-roles/{name}",
    properties: {
      backend: place({ required: true }),
      name: place({ autoName: true }),
      dbName: text({ required: true, replaces: true }),
      username: text({ required: true, replaces: true }),
      rotationPeriod: seconds(),
      rotationSchedule: text(),
      rotationWindow: seconds(),
      rotationStatements: list(),
      ...credential,
    },
    refuses: {
      [enterpriseOnly]: ["selfManagedPassword", "skipImportRotation"],
      [newerVaultOnly]: ["passwordWo", "passwordWoVersion"],
    },
    validate: oneRotation,
    operations: object(),
  }),
];
