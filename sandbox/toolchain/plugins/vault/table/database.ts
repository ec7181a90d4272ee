import { databaseConnection } from "../operations/database.ts";
import { object } from "../operations/object.ts";
import { block, flag, list, map, number, pathPart, seconds, text } from "../schema/property.ts";
import { enterpriseOnly, otherDatabase, row } from "../schema/row.ts";

/** OpenBao would silently ignore these properties and connect without the authority or the client certificate. */
const fromFile = (parameter: string) =>
  text({ refused: `OpenBao does not read it; put the file on its machine and add ${parameter}=FILE to connectionUrl` });

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
    tlsCa: fromFile("sslrootcert"),
    tlsCertificate: fromFile("sslcert"),
    privateKey: fromFile("sslkey"),
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

export const databaseRows = [
  row({
    type: "vault:database/secretBackendConnection:SecretBackendConnection",
    path: "{backend}/config/{name}",
    properties: {
      backend: pathPart({ required: true }),
      name: pathPart({ autoName: true }),
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
      "the plugin that is built into the server is used": ["pluginVersion"],
    },
    validate: (inputs) =>
      inputs.postgresql === undefined ? [{ property: "postgresql", reason: "is required: " + otherDatabase }] : [],
    operations: databaseConnection,
  }),
  row({
    type: "vault:database/secretBackendRole:SecretBackendRole",
    path: "{backend}/roles/{name}",
    properties: {
      backend: pathPart({ required: true }),
      name: pathPart({ autoName: true }),
      dbName: text({ required: true, replaces: true }),
      creationStatements: list({ required: true }),
      revocationStatements: list(),
      rollbackStatements: list(),
      renewStatements: list(),
      defaultTtl: seconds(),
      maxTtl: seconds(),
      credentialType: text({ computed: true }),
      credentialConfig: map({ computed: true }),
    },
    operations: object(),
  }),
];
