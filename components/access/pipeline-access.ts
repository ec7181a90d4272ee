import type * as pulumi from "@pulumi/pulumi";
import { AuthBackendRole } from "@pulumi/vault/jwt/authBackendRole.js";
import { Policy } from "@pulumi/vault/policy.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { authMethods } from "../vault/mounts.ts";

export interface PipelineAccessArgs {
  /** Name of the role that a job asks for. A change replaces it. */
  readonly role: string;
  /** What its jobs may do in Vault. Changed in place. */
  readonly policy: string;
  /** Audience of the ID token, as the job declares it under `id_tokens`. */
  readonly audience: string;
  /** GitLab's number of the project: unlike its path, nobody else can get it. */
  readonly projectId: pulumi.Input<string>;
  /** Whether jobs of unprotected branches are refused. Default: true. */
  readonly protectedOnly?: boolean;
}

/** Seconds for which a job's login is good. */
const loginSeconds = 900;

/** What the jobs of one GitLab project may do in Vault, by the ID token that GitLab gives to each job. */
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
        tokenTtl: loginSeconds,
        tokenExplicitMaxTtl: loginSeconds,
      },
      { parent: this },
    );
    this.role = role.roleName;
    this.registerOutputs({ role: this.role });
  }
}
