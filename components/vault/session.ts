import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/vault/provider.js";
import { BibindComponent } from "../base.ts";
import type { OpenSession } from "./deployer-login.ts";

export interface VaultSessionArgs {
  /** Kubeconfig of the cluster that holds the deployer's service account. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Namespace of that service account. */
  readonly namespace: pulumi.Input<string>;
  /** URL of Vault as the deployer reaches it. */
  readonly address: pulumi.Input<string>;
  /** PEM certificate of the CA that signed Vault's; empty for a public one. */
  readonly caCertificate: pulumi.Input<string>;
  /** True when the deployer can log in. While it is unknown, as in the preview of a new Vault, nobody logs in. */
  readonly ready: pulumi.Input<boolean>;
  readonly openSession: OpenSession;
  /** Resource whose deletion deletes everything in Vault. Default: none, for a Vault of another stack. */
  readonly server?: pulumi.Resource;
}

/**
 * Deletes nothing in Vault one by one when Vault itself is deleted. Vault would refuse that for a database engine whose
 * users are still leased.
 */
function deletedWith(server: pulumi.Resource): pulumi.ResourceTransformation {
  return ({ type, props, opts }) =>
    type.startsWith("vault:") ? { props, opts: pulumi.mergeOptions(opts, { deletedWith: server }) } : undefined;
}

/** The deployer's session with Vault. */
export class VaultSession extends BibindComponent {
  readonly provider: Provider;
  readonly #server: pulumi.Resource | undefined;

  constructor(name: string, args: VaultSessionArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:VaultSession", name, opts);
    const { kubeconfig, namespace, address, caCertificate, ready } = args;
    const files = pulumi.unsecret(
      pulumi
        .all([kubeconfig, namespace, address, caCertificate, ready])
        .apply(([kubeconfig, namespace, address, caCertificate]) =>
          args.openSession({ kubeconfig, namespace, address, caCertificate }),
        ),
    );
    this.#server = args.server;
    this.provider = new Provider(
      this.child("provider"),
      {
        address,
        authLoginTokenFile: { filename: files.token },
        caCertFile: files.apply(({ caCertificate }) => caCertificate ?? ""),
        // The token of the session itself ends within the hour.
        skipChildToken: true,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  /** Options of a component that configures Vault: Vault's provider, and deletion together with Vault. */
  get options(): pulumi.ComponentResourceOptions {
    return {
      providers: { vault: this.provider },
      transformations: this.#server === undefined ? [] : [deletedWith(this.#server)],
    };
  }
}
