import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/vault/provider.js";
import { BibindComponent } from "../base.ts";
import type { OpenSession } from "./deployer-login.ts";

export interface VaultSessionArgs {
  /** Kubeconfig of the cluster that holds the deployer's service account. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Namespace of that service account. */
  readonly namespace: pulumi.Input<string>;
  /** URL of Vault as the deployer reaches it; it is logged in to when this is known. */
  readonly address: pulumi.Input<string>;
  /** PEM certificate of the CA that signed Vault's; empty for a public one. */
  readonly caCertificate: pulumi.Input<string>;
  readonly openSession: OpenSession;
}

/** The deployer's session with Vault: what everything that configures Vault is given as its provider. */
export class VaultSession extends BibindComponent {
  readonly provider: Provider;

  constructor(name: string, args: VaultSessionArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:VaultSession", name, opts);
    const { kubeconfig, namespace, address, caCertificate } = args;
    const files = pulumi.unsecret(
      pulumi
        .all([kubeconfig, namespace, address, caCertificate])
        .apply(([kubeconfig, namespace, address, caCertificate]) =>
          args.openSession({ kubeconfig, namespace, address, caCertificate }),
        ),
    );
    this.provider = new Provider(
      this.child("provider"),
      {
        address,
        authLoginTokenFile: { filename: files.token },
        caCertFile: files.apply(({ caCertificate }) => caCertificate ?? ""),
        // The session's own token ends within the hour.
        skipChildToken: true,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
