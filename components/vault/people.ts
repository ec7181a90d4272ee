import * as pulumi from "@pulumi/pulumi";
import { Group } from "@pulumi/vault/identity/group.js";
import { GroupAlias } from "@pulumi/vault/identity/groupAlias.js";
import { AuthBackendRole } from "@pulumi/vault/jwt/authBackendRole.js";
import { BibindComponent } from "../base.ts";
import { authMethods } from "./mounts.ts";

/** Roles of people; each has the policy of its name. */
export const peopleRoles = ["operator", "auditor", "developer"] as const;
export type PeopleRole = (typeof peopleRoles)[number];

/** Role of the auth method by which everybody signs in: alone it allows nothing. */
export const personRole = "person";

export interface VaultPeopleArgs {
  /** Accessor of the auth method for people. */
  readonly accessor: pulumi.Input<string>;
  /** Where the sign-in may send people back to: Vault's own pages, and the command line on their machine. */
  readonly redirectUris: pulumi.Input<readonly string[]>;
}

/** Seconds for which a person is signed in: a working day. */
const sessionSeconds = 8 * 3600;

/** What people may do in Vault, by the groups that the platform's sign-in says they are in. */
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
        allowedRedirectUris: pulumi.output(args.redirectUris).apply((uris) => [...uris]),
        oidcScopes: ["email", "groups"],
        tokenTtl: sessionSeconds,
        tokenMaxTtl: sessionSeconds,
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
