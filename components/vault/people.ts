import type * as pulumi from "@pulumi/pulumi";
import { Group } from "@pulumi/vault/identity/group.js";
import { GroupAlias } from "@pulumi/vault/identity/groupAlias.js";
import { AuthBackendRole } from "@pulumi/vault/jwt/authBackendRole.js";
import { BibindComponent } from "../base.ts";
import { authMethods, personRole } from "./mounts.ts";

/** Roles of people. Each has the policy of the same name. */
export const peopleRoles = ["operator", "auditor", "developer"] as const;
export type PeopleRole = (typeof peopleRoles)[number];

export interface VaultPeopleArgs {
  /** Accessor of the auth method for people. */
  readonly accessor: pulumi.Input<string>;
  /** Further policies of each role, by name: OAuth2 clients that its people own. Default: none. */
  readonly further?: Readonly<Partial<Record<PeopleRole, readonly string[]>>>;
  /** Redirect URIs of the sign-in: Vault's own pages, and the command line on a person's machine. */
  readonly redirectUris: pulumi.Input<string[]>;
}

/** Longest session of a person in seconds: a working day. */
const sessionSeconds = 8 * 3600;

/** Seconds after which a session ends that nobody uses. Vault's page renews the session of a person who uses it. */
const unusedSeconds = 3600;

/** Rights of people in Vault, by the claim `groups` of their ID token. A person without a role cannot sign in to Vault. */
export class VaultPeople extends BibindComponent {
  constructor(name: string, args: VaultPeopleArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:VaultPeople", name, opts);
    new AuthBackendRole(
      this.child("role"),
      {
        backend: authMethods.people,
        roleName: personRole,
        roleType: "oidc",
        userClaim: "sub",
        groupsClaim: "groups",
        // The audit log names a person by this address.
        claimMappings: { email: "email" },
        boundClaims: { groups: peopleRoles.join(",") },
        allowedRedirectUris: args.redirectUris,
        oidcScopes: ["email", "groups"],
        tokenNoDefaultPolicy: true,
        tokenTtl: unusedSeconds,
        tokenMaxTtl: sessionSeconds,
      },
      { parent: this },
    );
    for (const role of peopleRoles) {
      const group = new Group(
        this.child(role),
        { name: role, type: "external", policies: [role, ...(args.further?.[role] ?? [])] },
        { parent: this },
      );
      new GroupAlias(
        this.child(`${role}-alias`),
        { name: role, mountAccessor: args.accessor, canonicalId: group.id },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
