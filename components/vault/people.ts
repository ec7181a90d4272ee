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

/**
 * Lifetimes of a person's token in seconds. It ends soon after the person stops working with it, because Vault's page
 * renews it only in use, and at the end of a working day in any case.
 */
const tokenLifetime = { unused: 30 * 60, longest: 8 * 3600 };

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
        tokenTtl: tokenLifetime.unused,
        tokenMaxTtl: tokenLifetime.longest,
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
