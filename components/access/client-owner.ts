import type * as pulumi from "@pulumi/pulumi";
import { Endpoint } from "@pulumi/vault/generic/endpoint.js";
import { Policy } from "@pulumi/vault/policy.js";
import { BibindComponent } from "../base.ts";
import { authMethods } from "../vault/mounts.ts";
import { clientOwnerRole } from "../vault/paths.ts";
import { clientOwnerPolicy } from "../vault/policies/workloads.ts";

export interface ClientOwnerArgs {
  /** Layer that declares the OAuth2 client. */
  readonly layer: string;
  /** The client. A change replaces everything. */
  readonly clientId: string;
  /**
   * Whether the owner is a program, which logs in to Vault by AppRole. People get the policy through their role, see
   * `VaultPeople`.
   */
  readonly isProgram: boolean;
}

/** Duration of a program's login in seconds: it reads the credential at once. */
const loginSeconds = 600;

/** Seconds after which a program needs another secret id of an operator. */
const secretIdSeconds = 30 * 24 * 3600;

/** Who reads the credential of the OAuth2 client of a program outside of the platform: a policy, and an AppRole for a program. */
export class ClientOwner extends BibindComponent {
  constructor(name: string, args: ClientOwnerArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:ClientOwner", name, opts);
    const role = clientOwnerRole(args.layer, args.clientId);
    const policy = new Policy(
      this.child("policy"),
      { name: role, policy: clientOwnerPolicy(args.layer, args.clientId) },
      { parent: this },
    );
    if (args.isProgram) {
      const settings = {
        token_policies: [role],
        token_no_default_policy: true,
        token_ttl: loginSeconds,
        token_explicit_max_ttl: loginSeconds,
        secret_id_ttl: secretIdSeconds,
      };
      new Endpoint(
        this.child("role"),
        {
          path: `auth/${authMethods.machines}/role/${role}`,
          dataJson: JSON.stringify(settings),
          ignoreAbsentFields: true,
        },
        { parent: this, dependsOn: [policy] },
      );
    }
    this.registerOutputs({});
  }
}
