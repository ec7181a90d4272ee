import type { CheckFailure } from "../../server/plugin.ts";
import type { Properties } from "../../server/values.ts";
import { authMethod, configuredAuthMethod } from "../operations/auth-method.ts";
import { auditDevice, secretEngine } from "../operations/mount.ts";
import { block, duration, flag, list, map, maps, number, place, seconds, text } from "../schema/property.ts";
import { enterpriseOnly, newerVaultOnly, row } from "../schema/row.ts";

/** A mount can be moved: its path is changed in place, with all that is in it. */
const movable = { replaces: false } as const;

/** What can be changed of a secret engine once it is mounted. */
const engineConfig = {
  defaultLeaseTtlSeconds: seconds({ computed: true, field: "default_lease_ttl" }),
  maxLeaseTtlSeconds: seconds({ computed: true, field: "max_lease_ttl" }),
  auditNonHmacRequestKeys: list({ computed: true }),
  auditNonHmacResponseKeys: list({ computed: true }),
  listingVisibility: text(),
  passthroughRequestHeaders: list(),
  allowedResponseHeaders: list(),
};

const tune = block(
  {
    defaultLeaseTtl: duration(),
    maxLeaseTtl: duration(),
    listingVisibility: text(),
    tokenType: text(),
    auditNonHmacRequestKeys: list(),
    auditNonHmacResponseKeys: list(),
    passthroughRequestHeaders: list(),
    allowedResponseHeaders: list(),
  },
  { computed: true, field: false },
);

const method = {
  description: text({ field: "description" }),
  local: flag({ replaces: true, default: false }),
  disableRemount: flag({ unread: true, field: false }),
  tune,
  accessor: text({ output: true }),
};

const replacedByPath = (property: string, wanted: Properties) => property === "path" && wanted.disableRemount === true;

/** What the configuration of a JWT or OIDC method holds. */
const jwtConfig = {
  oidcDiscoveryUrl: text(),
  oidcDiscoveryCaPem: text(),
  oidcClientId: text(),
  oidcClientSecret: text({ secret: true, unread: true }),
  oidcClientSecretWo: text({ secret: true, writtenWith: "oidcClientSecretWoVersion", field: "oidc_client_secret" }),
  oidcClientSecretWoVersion: number({ unread: true, field: false }),
  oidcResponseMode: text(),
  oidcResponseTypes: list(),
  jwksUrl: text(),
  jwksCaPem: text(),
  jwksPairs: maps(),
  jwtValidationPubkeys: list(),
  boundIssuer: text(),
  jwtSupportedAlgs: list(),
  defaultRole: text(),
  providerConfig: map(),
  namespaceInState: flag({ default: true }),
};

const keySources = ["oidcDiscoveryUrl", "jwksUrl", "jwksPairs", "jwtValidationPubkeys"];

function oneKeySource(inputs: Properties): CheckFailure[] {
  const given = keySources.filter((name) => inputs[name] !== undefined);
  const enough = given.length === 1 || (given.length === 0 && inputs.providerConfig !== undefined);
  return enough
    ? []
    : [{ property: keySources[0] ?? "", reason: `exactly one of ${keySources.join(", ")} must be given` }];
}

const pathIsType = ({ type }: Properties): Properties => (type === undefined ? {} : { path: type });

export const mountRows = [
  row({
    type: "vault:index/mount:Mount",
    path: "{path}",
    properties: {
      path: place({ ...movable, required: true }),
      type: text({ required: true, replaces: true }),
      description: text(),
      options: map(),
      local: flag({ replaces: true }),
      accessor: text({ output: true }),
      ...engineConfig,
    },
    refuses: {
      [enterpriseOnly]: ["allowedManagedKeys", "externalEntropyAccess", "identityTokenKey", "sealWrap"],
      [newerVaultOnly]: ["delegatedAuthAccessors"],
      "it cannot be changed once the engine is mounted": ["forceNoCache", "pluginVersion"],
    },
    operations: secretEngine(engineConfig),
  }),
  row({
    type: "vault:index/authBackend:AuthBackend",
    path: "{path}",
    properties: { type: text({ required: true, replaces: true }), path: place(movable), ...method },
    refuses: { [enterpriseOnly]: ["identityTokenKey"] },
    derived: pathIsType,
    replacedBy: replacedByPath,
    operations: authMethod,
  }),
  row({
    type: "vault:jwt/authBackend:AuthBackend",
    path: "{path}",
    properties: {
      type: text({ replaces: true, default: "jwt" }),
      path: place({ ...movable, default: "jwt" }),
      ...method,
      ...jwtConfig,
    },
    validate: oneKeySource,
    replacedBy: replacedByPath,
    operations: configuredAuthMethod(jwtConfig),
  }),
  row({
    type: "vault:index/audit:Audit",
    path: "{path}",
    properties: {
      type: text({ required: true, replaces: true }),
      path: place(),
      description: text({ replaces: true }),
      local: flag({ replaces: true, unread: true }),
      options: map({ required: true, replaces: true }),
    },
    derived: pathIsType,
    operations: auditDevice,
  }),
];
