import type * as pulumi from "@pulumi/pulumi";
import { AuthBackendRole } from "@pulumi/vault/jwt/authBackendRole.js";
import { Policy } from "@pulumi/vault/policy.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { authMethods } from "../vault/mounts.ts";

export interface PipelineAccessArgs {
  /** Name of the role that a job logs in with. A change replaces it. */
  readonly role: string;
  /** Text of the policy of its jobs. Changed in place. */
  readonly policy: string;
  /** Audience of the ID token, as the job declares it under `id_tokens`. */
  readonly audience: string;
  /** GitLab's id of the project. Unlike a path, GitLab never reuses it. */
  readonly projectId: pulumi.Input<string>;
  /** Whether Vault refuses jobs of unprotected branches. Default: true. */
  readonly protectedOnly?: boolean;
}

/** Duration of a job's login in seconds. */
const loginSeconds = 900;

/** Lets the jobs of one GitLab project log in to Vault with the ID token that GitLab gives to each job. */
export class PipelineAccess extends BibindComponent {
  /** Role in Vault's auth method for pipelines. */
  readonly role: pulumi.Output<string>;

  constructor(name: string, args: PipelineAccessArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:PipelineAccess", name, opts);
    const policy = new Policy(
      this.child("policy"),
      { name: physicalName("vaultPolicy", "pipeline", args.role), policy: args.policy },
      { parent: this },
    );
    const claims: Record<string, pulumi.Input<string>> = { project_id: args.projectId };
    if (args.protectedOnly !== false) {
      claims["ref_protected"] = "true";
    }
    const role = new AuthBackendRole(
      this.child("role"),
      {
        backend: authMethods.pipelines,
        roleName: physicalName("vaultRole", args.role),
        roleType: "jwt",
        boundAudiences: [args.audience],
        boundClaims: claims,
        userClaim: "project_id",
        tokenPolicies: [policy.name],
        tokenNoDefaultPolicy: true,
        tokenTtl: loginSeconds,
        tokenExplicitMaxTtl: loginSeconds,
      },
      { parent: this },
    );
    this.role = role.roleName;
    this.registerOutputs({ role: this.role });
  }
}
