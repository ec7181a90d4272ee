import type { CheckFailure } from "../../server/plugin.ts";
import type { Properties } from "../../server/values.ts";
import { appRole, appRoleSecretId } from "../operations/approle.ts";
import { identityObject } from "../operations/identity.ts";
import { jwtRole } from "../operations/jwt-role.ts";
import { object } from "../operations/object.ts";
import { each, flag, json, list, map, number, place, seconds, set, text } from "../schema/property.ts";
import { newerVaultOnly, row } from "../schema/row.ts";

/** What every auth method says of the tokens that it gives. */
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

function someNamespace(inputs: Properties): CheckFailure[] {
  const { boundServiceAccountNamespaces: names, boundServiceAccountNamespaceSelector: selector } = inputs;
  const reason = "give boundServiceAccountNamespaces or boundServiceAccountNamespaceSelector";
  return names === undefined && selector === undefined ? [{ property: "boundServiceAccountNamespaces", reason }] : [];
}

/** A flag that tells this plugin to leave a property to others. */
const elsewhere = flag({ unread: true, field: false, default: false });

const authRows = [
  row({
    type: "vault:kubernetes/authBackendConfig:AuthBackendConfig",
    path: "auth/{backend}/config",
    properties: {
      backend: place({ default: "kubernetes" }),
      kubernetesHost: text({ required: true }),
      kubernetesCaCert: text(),
      tokenReviewerJwt: text({ secret: true, unread: true }),
      tokenReviewerJwtWo: text({ secret: true, writtenWith: "tokenReviewerJwtWoVersion", field: "token_reviewer_jwt" }),
      tokenReviewerJwtWoVersion: number({ unread: true, field: false }),
      issuer: text(),
      pemKeys: list(),
      disableIssValidation: flag({ computed: true, sentAlways: true }),
      disableLocalCaJwt: flag({ computed: true }),
    },
    refuses: { [newerVaultOnly]: ["useAnnotationsAsAliasMetadata"] },
    operations: object({ stays: true }),
  }),
  row({
    type: "vault:kubernetes/authBackendRole:AuthBackendRole",
    path: "auth/{backend}/role/{roleName}",
    properties: {
      backend: place({ default: "kubernetes" }),
      roleName: place({ required: true }),
      boundServiceAccountNames: set({ required: true }),
      boundServiceAccountNamespaces: set(),
      boundServiceAccountNamespaceSelector: text(),
      audience: text(),
      aliasNameSource: text({ computed: true }),
      ...token,
    },
    refuses: noAliasMetadata,
    validate: someNamespace,
    operations: object(),
  }),
  row({
    type: "vault:jwt/authBackendRole:AuthBackendRole",
    path: "auth/{backend}/role/{roleName}",
    properties: {
      backend: place({ default: "jwt" }),
      roleName: place({ required: true }),
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
    type: "vault:appRole/authBackendRole:AuthBackendRole",
    path: "auth/{backend}/role/{roleName}",
    properties: {
      backend: place({ default: "approle" }),
      roleName: place({ required: true }),
      roleId: text({ computed: true, field: false }),
      bindSecretId: flag({ default: true }),
      localSecretIds: flag({ replaces: true, fixed: true, default: false }),
      secretIdBoundCidrs: set(),
      secretIdNumUses: number(),
      secretIdTtl: seconds(),
      ...token,
    },
    refuses: noAliasMetadata,
    operations: appRole,
  }),
  row({
    type: "vault:appRole/authBackendRoleSecretId:AuthBackendRoleSecretId",
    path: "auth/{backend}/role/{roleName}/secret-id",
    unique: ["secretId"],
    properties: {
      ...each(
        {
          backend: place({ default: "approle", unread: true }),
          roleName: place({ required: true, unread: true }),
          secretId: text({ computed: true, secret: true, unread: true }),
          cidrLists: set({ joined: true, field: "cidr_list" }),
          tokenBoundCidrs: set({ joined: true }),
          metadata: json(),
          numUses: number({ unread: true }),
          ttl: seconds({ unread: true }),
          wrappingTtl: text({ unread: true, field: false }),
          withWrappedAccessor: flag({ unread: true, field: false }),
        },
        { replaces: true },
      ),
      accessor: text({ output: true }),
      wrappingAccessor: text({ output: true }),
      wrappingToken: text({ output: true, secret: true }),
    },
    operations: appRoleSecretId,
  }),
];

const identityRows = [
  row({
    type: "vault:identity/entity:Entity",
    path: "identity/entity/name/{name}",
    properties: {
      name: text({ autoName: true }),
      metadata: map(),
      policies: set(),
      disabled: flag({ default: false }),
      externalPolicies: elsewhere,
    },
    operations: identityObject("entity"),
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
      externalPolicies: elsewhere,
      externalMemberEntityIds: elsewhere,
      externalMemberGroupIds: elsewhere,
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

export const roleRows = [...authRows, ...identityRows];
