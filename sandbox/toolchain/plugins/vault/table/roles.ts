import type { CheckFailure } from "../../server/plugin.ts";
import type { Properties } from "../../server/values.ts";
import { identityObject } from "../operations/identity.ts";
import { jwtRole } from "../operations/jwt-role.ts";
import { object } from "../operations/object.ts";
import { flag, map, number, pathPart, seconds, set, text } from "../schema/property.ts";
import { newerVaultOnly, row } from "../schema/row.ts";

/** Properties of the tokens that Vault issues for a role of an auth method. */
const token = {
  tokenBoundCidrs: set(),
  tokenExplicitMaxTtl: seconds(),
  tokenMaxTtl: seconds(),
  tokenNoDefaultPolicy: flag(),
  tokenNumUses: number(),
  tokenPeriod: seconds(),
  tokenPolicies: set(),
  tokenTtl: seconds(),
  tokenType: text({ computed: true }),
};

const noAliasMetadata = { [newerVaultOnly]: ["aliasMetadata"] };

function namespaceFailures(inputs: Properties): CheckFailure[] {
  const { boundServiceAccountNamespaces: names, boundServiceAccountNamespaceSelector: selector } = inputs;
  const reason = "set boundServiceAccountNamespaces or boundServiceAccountNamespaceSelector";
  return names === undefined && selector === undefined ? [{ property: "boundServiceAccountNamespaces", reason }] : [];
}

/** A flag for a property that another program manages. */
const managedElsewhere = flag({ unread: true, field: false, default: false });

export const roleRows = [
  row({
    type: "vault:kubernetes/authBackendRole:AuthBackendRole",
    path: "auth/{backend}/role/{roleName}",
    properties: {
      backend: pathPart({ default: "kubernetes" }),
      roleName: pathPart({ required: true }),
      boundServiceAccountNames: set({ required: true }),
      boundServiceAccountNamespaces: set(),
      boundServiceAccountNamespaceSelector: text(),
      audience: text(),
      aliasNameSource: text({ computed: true }),
      ...token,
    },
    refuses: noAliasMetadata,
    validate: namespaceFailures,
    operations: object(),
  }),
  row({
    type: "vault:jwt/authBackendRole:AuthBackendRole",
    path: "auth/{backend}/role/{roleName}",
    properties: {
      backend: pathPart({ default: "jwt" }),
      roleName: pathPart({ required: true }),
      roleType: text({ replaces: true, computed: true }),
      userClaim: text({ required: true }),
      userClaimJsonPointer: flag(),
      boundAudiences: set(),
      boundClaims: map(),
      boundClaimsType: text({ computed: true }),
      boundSubject: text(),
      disableBoundClaimsParsing: flag({ unread: true, field: false }),
      claimMappings: map(),
      groupsClaim: text(),
      allowedRedirectUris: set(),
      oidcScopes: set(),
      clockSkewLeeway: seconds(),
      expirationLeeway: seconds(),
      notBeforeLeeway: seconds(),
      maxAge: seconds(),
      verboseOidcLogging: flag(),
      ...token,
    },
    refuses: noAliasMetadata,
    operations: jwtRole,
  }),
  row({
    type: "vault:identity/group:Group",
    path: "identity/group/name/{name}",
    properties: {
      name: text({ autoName: true }),
      type: text({ replaces: true, default: "internal" }),
      metadata: map(),
      policies: set(),
      memberEntityIds: set(),
      memberGroupIds: set(),
      externalPolicies: managedElsewhere,
      externalMemberEntityIds: managedElsewhere,
      externalMemberGroupIds: managedElsewhere,
    },
    operations: identityObject("group"),
  }),
  row({
    type: "vault:identity/groupAlias:GroupAlias",
    path: "identity/group-alias/{mountAccessor}/{name}",
    properties: {
      name: text({ required: true }),
      mountAccessor: text({ required: true, replaces: true }),
      canonicalId: text({ required: true }),
    },
    operations: identityObject("group-alias"),
  }),
];
