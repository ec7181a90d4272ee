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
  /** What takes all of Vault with it when it goes; undefined for a Vault that this program did not make. */
  readonly server?: pulumi.Resource;
}

/**
 * Everything in Vault goes with Vault: nothing is deleted in it one by one while it goes as a whole, which it would refuse
 * for a database engine whose users are still leased.
 */
function goesWith(server: pulumi.Resource): pulumi.ResourceTransformation {
  return ({ type, props, opts }) =>
    type.startsWith("vault:") ? { props, opts: pulumi.mergeOptions(opts, { deletedWith: server }) } : undefined;
}

/** The deployer's session with Vault. */
export class VaultSession extends BibindComponent {
  readonly provider: Provider;
  readonly #server: pulumi.Resource | undefined;

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
    this.#server = args.server;
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

  /** Options of a component that configures Vault: its provider beside that of Kubernetes, and what goes with Vault. */
  options(kubernetes: pulumi.ProviderResource): pulumi.ComponentResourceOptions {
    return {
      providers: { kubernetes, vault: this.provider },
      transformations: this.#server === undefined ? [] : [goesWith(this.#server)],
    };
  }
}
