import type * as pulumi from "@pulumi/pulumi";
import { Group } from "@pulumi/vault/identity/group.js";
import { GroupAlias } from "@pulumi/vault/identity/groupAlias.js";
import { AuthBackendRole } from "@pulumi/vault/jwt/authBackendRole.js";
import { BibindComponent } from "../base.ts";
import { authMethods } from "./mounts.ts";

/** Roles of people. Each has the policy of the same name. */
export const peopleRoles = ["operator", "auditor", "developer"] as const;
export type PeopleRole = (typeof peopleRoles)[number];

/** Role of the auth method with which every person signs in. It gives no rights itself. */
export const personRole = "person";

export interface VaultPeopleArgs {
  /** Accessor of the auth method for people. */
  readonly accessor: pulumi.Input<string>;
  /** Redirect URIs of the sign-in: Vault's own pages, and the command line on a person's machine. */
  readonly redirectUris: pulumi.Input<string[]>;
}

/**
 * Lifetimes of a person's token in seconds. It ends soon after the person stops working with it, because only its use renews
 * it, and at the end of a working day in any case.
 */
const tokenLifetime = { unused: 30 * 60, longest: 8 * 3600 };

/** Rights of people in Vault, by the claim `groups` of their ID token. */
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
        allowedRedirectUris: args.redirectUris,
        oidcScopes: ["email", "groups"],
        tokenTtl: tokenLifetime.unused,
        tokenMaxTtl: tokenLifetime.longest,
      },
      { parent: this },
    );
    for (const role of peopleRoles) {
      const group = new Group(this.child(role), { name: role, type: "external", policies: [role] }, { parent: this });
      new GroupAlias(
        this.child(`${role}-alias`),
        { name: role, mountAccessor: args.accessor, canonicalId: group.id },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
