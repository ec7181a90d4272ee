import * as pulumi from "@pulumi/pulumi";
import { AuthBackend, type AuthBackendArgs } from "@pulumi/vault/authBackend.js";
import { Endpoint } from "@pulumi/vault/generic/endpoint.js";
import { Mount } from "@pulumi/vault/mount.js";
import { SecretBackendRole } from "@pulumi/vault/pkisecret/secretBackendRole.js";
import { SecretBackendRootCert } from "@pulumi/vault/pkisecret/secretBackendRootCert.js";
import { Policy } from "@pulumi/vault/policy.js";
import { BibindComponent } from "../base.ts";
import { authMethods, engines } from "./mounts.ts";
import type { PeopleRole } from "./people.ts";
import { auditorPolicy, developerPolicy, operatorPolicy } from "./policies/people.ts";

export interface VaultCoreArgs {
  /** DNS name below which the PKI engine issues certificates. */
  readonly domain: pulumi.Input<string>;
}

const year = 365 * 24 * 3600;

/** Longest common name in a certificate, in bytes (X.520, ub-common-name). */
const longestCommonName = 64;

/** Common name of the CA for machines. A long domain has no place in it. */
function authorityName(domain: string): string {
  const full = `Bibind machines (${domain})`;
  return Buffer.byteLength(full) <= longestCommonName ? full : "Bibind machines";
}

const passwordRule = `length = 40
rule "charset" {
  charset = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
}`;

/** Password policy of every generated password: letters and digits only, so that no URL needs to escape it. */
export const passwordPolicy = "bibind";

const peoplePolicies: Readonly<Record<PeopleRole, string>> = {
  operator: operatorPolicy,
  auditor: auditorPolicy,
  developer: developerPolicy,
};

/** Vault's page shows the listed methods first, with their description, and the field for a token behind another tab. */
const shownToEverybody = { description: "Bibind account", tune: { listingVisibility: "unauth" } };

/**
 * Requests per second of one client to a path. All clients outside of the cluster have the address of the ingress, which
 * limits each of them; these limits protect Vault from the sum, and from a pod.
 */
const requestRates = {
  "sign-in": { path: `auth/${authMethods.people}/`, rate: 50 },
  everything: { path: "", rate: 500 },
};

/** What Vault offers to every layer: engines, auth methods, the password policy, and the policies of people. */
export class VaultCore extends BibindComponent {
  /** Accessor of the auth method for people. */
  readonly peopleAccessor: pulumi.Output<string>;
  /** True when everything is configured; unknown before. */
  readonly ready: pulumi.Output<boolean>;

  constructor(name: string, args: VaultCoreArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:VaultCore", name, opts);
    const mounts = [this.mount("kv", { version: "2" }), this.mount("transit"), this.mount("database")];
    const policies = Object.entries(peoplePolicies).map(
      ([policy, text]) => new Policy(this.child(`policy-${policy}`), { name: policy, policy: text }, { parent: this }),
    );
    const people = this.auth("people", "oidc", shownToEverybody);
    const methods = [this.auth("pipelines", "jwt"), this.auth("machines", "approle"), people];
    this.peopleAccessor = people.accessor;
    const others = [this.passwords(), this.pki(args.domain), ...this.quotas(people)];
    const configured = [...mounts, ...policies, ...methods, ...others];
    this.ready = pulumi.all(configured.map(({ id }) => id)).apply(() => true);
    this.registerOutputs({ peopleAccessor: this.peopleAccessor, ready: this.ready });
  }

  private mount(engine: keyof typeof engines, options?: Record<string, string>): Mount {
    const args = { path: engines[engine], type: engine, options };
    return new Mount(this.child(`engine-${engine}`), args, { parent: this, protect: true });
  }

  private auth(
    method: Exclude<keyof typeof authMethods, "kubernetes">,
    type: string,
    more: Partial<AuthBackendArgs> = {},
  ): AuthBackend {
    const args = { path: authMethods[method], type, ...more };
    return new AuthBackend(this.child(`auth-${method}`), args, { parent: this });
  }

  /** The SDK has no class for password policies (@pulumi/vault 7.8). */
  private passwords(): Endpoint {
    return new Endpoint(
      this.child("passwords"),
      {
        path: `sys/policies/password/${passwordPolicy}`,
        dataJson: JSON.stringify({ policy: passwordRule }),
      },
      { parent: this },
    );
  }

  /** The sandbox's Vault plugin has no class for quotas. */
  private quotas(people: AuthBackend): Endpoint[] {
    return Object.entries(requestRates).map(
      ([quota, { path, rate }]) =>
        new Endpoint(
          this.child(`quota-${quota}`),
          {
            path: `sys/quotas/rate-limit/${quota}`,
            dataJson: JSON.stringify({ path, rate, interval: 1 }),
            ignoreAbsentFields: true,
          },
          { parent: this, dependsOn: [people] },
        ),
    );
  }

  private pki(domain: pulumi.Input<string>): SecretBackendRole {
    const engine = new Mount(
      this.child("engine-pki"),
      { path: engines.pki, type: "pki", maxLeaseTtlSeconds: 10 * year },
      { parent: this, protect: true },
    );
    const root = new SecretBackendRootCert(
      this.child("pki-root"),
      {
        backend: engine.path,
        type: "internal",
        commonName: pulumi.output(domain).apply(authorityName),
        ttl: String(10 * year),
        keyType: "ec",
        keyBits: 256,
      },
      { parent: this, protect: true },
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
