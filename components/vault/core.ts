import * as pulumi from "@pulumi/pulumi";
import { AuthBackend } from "@pulumi/vault/authBackend.js";
import { SecretBackendConnection } from "@pulumi/vault/database/secretBackendConnection.js";
import { Mount } from "@pulumi/vault/mount.js";
import { Endpoint } from "@pulumi/vault/generic/endpoint.js";
import { SecretBackendRole } from "@pulumi/vault/pkisecret/secretBackendRole.js";
import { SecretBackendRootCert } from "@pulumi/vault/pkisecret/secretBackendRootCert.js";
import { Policy } from "@pulumi/vault/policy.js";
import { BibindComponent } from "../base.ts";
import { caFile } from "../kubernetes/model.ts";
import { postgresPort, type VaultAccess } from "../postgres/cluster.ts";
import { authMethods, engines } from "./mounts.ts";
import type { PeopleRole } from "./people.ts";
import { deployerName, deployerPolicy } from "./policies/deployer.ts";
import { auditorPolicy, developerPolicy, operatorPolicy } from "./policies/people.ts";

export interface VaultCoreArgs {
  /** DNS name below which certificates of the PKI engine are issued. */
  readonly domain: pulumi.Input<string>;
  /** PostgreSQL cluster that users are made in. */
  readonly postgres: VaultAccess;
}

/** Name of the connection to the PostgreSQL cluster of the layer iam. */
export const postgresConnection = "iam";

const year = 365 * 24 * 3600;

const passwordRule = `length = 40
rule "charset" {
  charset = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
}`;

/** Password policy of every generated password: letters and digits only, so that it stands in a URL as it is. */
export const passwordPolicy = "bibind";

const peoplePolicies: Readonly<Record<PeopleRole, string>> = {
  operator: operatorPolicy,
  auditor: auditorPolicy,
  developer: developerPolicy,
};

/** The policies that no single application brings along. */
const platformPolicies: Readonly<Record<string, string>> = { [deployerName]: deployerPolicy, ...peoplePolicies };

/** What Vault offers to everybody: engines, auth methods, the password policy, and the policies of people. */
export class VaultCore extends BibindComponent {
  /** True once everything is configured. */
  readonly ready: pulumi.Output<boolean>;
  /** Accessor of the auth method for people. */
  readonly peopleAccessor: pulumi.Output<string>;
  /** Connection of the database engine, known once it works. */
  readonly databaseConnection: pulumi.Output<string>;

  constructor(name: string, args: VaultCoreArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:VaultCore", name, opts);
    const engines = [this.mount("kv", { version: "2" }), this.mount("transit")];
    const policies = Object.entries(platformPolicies).map(
      ([policy, text]) =>
        new Policy(
          this.child(`policy-${policy}`),
          { name: policy, policy: text },
          // The deployer may not delete the policy that it works by: that goes with Vault itself.
          { parent: this, retainOnDelete: policy === deployerName },
        ),
    );
    const people = this.auth("people", "oidc");
    const methods = [this.auth("pipelines", "jwt"), this.auth("machines", "approle"), people];
    this.peopleAccessor = people.accessor;
    this.databaseConnection = this.database(args).name;
    const issuing = this.pki(args.domain);
    this.ready = pulumi
      .all([this.databaseConnection, ...[...engines, ...policies, ...methods, issuing].map(({ id }) => id)])
      .apply(() => true);
    this.registerOutputs({
      ready: this.ready,
      peopleAccessor: this.peopleAccessor,
      databaseConnection: this.databaseConnection,
    });
  }

  private mount(engine: keyof typeof engines, options?: Record<string, string>): Mount {
    const args = { path: engines[engine], type: engine, options };
    return new Mount(this.child(`engine-${engine}`), args, { parent: this });
  }

  private auth(whom: Exclude<keyof typeof authMethods, "kubernetes">, type: string): AuthBackend {
    return new AuthBackend(this.child(`auth-${whom}`), { path: authMethods[whom], type }, { parent: this });
  }

  private database({ postgres }: VaultCoreArgs): SecretBackendConnection {
    const engine = this.mount("database");
    // The SDK has no class of its own for it (@pulumi/vault 7.8).
    const policy = new Endpoint(
      this.child("passwords"),
      {
        path: `sys/policies/password/${passwordPolicy}`,
        dataJson: JSON.stringify({ policy: passwordRule }),
      },
      { parent: this },
    );
    const { host, database, username, password } = postgres;
    return new SecretBackendConnection(
      this.child("postgres"),
      {
        backend: engine.path,
        name: postgresConnection,
        allowedRoles: [`${postgresConnection}-*`],
        passwordPolicy: policy.id.apply(() => passwordPolicy),
        postgresql: {
          connectionUrl: pulumi.interpolate`postgresql://{{username}}:{{password}}@${host}:${postgresPort}/${database}?sslmode=verify-full&sslrootcert=${caFile}`,
          username,
          password,
          // PostgreSQL and its log see the hash alone.
          passwordAuthentication: "scram-sha-256",
        },
      },
      { parent: this },
    );
  }

  private pki(domain: pulumi.Input<string>): SecretBackendRole {
    const engine = new Mount(
      this.child("engine-pki"),
      { path: engines.pki, type: "pki", maxLeaseTtlSeconds: 10 * year },
      { parent: this },
    );
    const root = new SecretBackendRootCert(
      this.child("pki-root"),
      {
        backend: engine.path,
        type: "internal",
        commonName: pulumi.interpolate`Bibind machines (${domain})`,
        ttl: String(10 * year),
        keyType: "ec",
        keyBits: 256,
      },
      { parent: this },
    );
    return new SecretBackendRole(
      this.child("pki-role"),
      {
        backend: engine.path,
        name: "machine",
        allowedDomains: [domain],
        allowSubdomains: true,
        keyType: "ec",
        keyBits: 256,
        ttl: String(30 * 24 * 3600),
        maxTtl: String(90 * 24 * 3600),
        issuerRef: root.issuerId,
      },
      { parent: this },
    );
  }
}
