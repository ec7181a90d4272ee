import type { Properties } from "../../server/values.ts";
import { authMethod } from "../operations/auth-method.ts";
import { secretEngine } from "../operations/mount.ts";
import { block, duration, flag, list, map, pathPart, seconds, text } from "../schema/property.ts";
import { enterpriseOnly, newerVaultOnly, row } from "../schema/row.ts";

/** A mount keeps its content when its path changes. */
const movable = { replaces: false } as const;

/** The properties of a mounted secret engine that can be changed. */
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

export const mountRows = [
  row({
    type: "vault:index/mount:Mount",
    path: "{path}",
    properties: {
      path: pathPart({ ...movable, required: true }),
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
      "it cannot be changed after the engine is mounted": ["forceNoCache", "pluginVersion"],
    },
    operations: secretEngine(engineConfig),
  }),
  row({
    type: "vault:index/authBackend:AuthBackend",
    path: "{path}",
    properties: {
      type: text({ required: true, replaces: true }),
      path: pathPart(movable),
      description: text(),
      local: flag({ replaces: true, default: false }),
      disableRemount: flag({ unread: true, field: false }),
      tune,
      accessor: text({ output: true }),
    },
    refuses: { [enterpriseOnly]: ["identityTokenKey"] },
    derived: ({ type }): Properties => (type === undefined ? {} : { path: type }),
    replacedBy: (property, wanted) => property === "path" && wanted.disableRemount === true,
    operations: authMethod,
  }),
];
