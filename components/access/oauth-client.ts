import type * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { oauthClientResource, type ClientHome } from "../../services/identity/clients/custom-resource.ts";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";

export interface OAuthClientArgs {
  /** Namespace of the consumer; Vault keeps the client's credential below this name. */
  readonly namespace: string;
  /** Name of the client in Hydra, unique on the platform. A change replaces the client. */
  readonly clientId: string;
  /** Name that people see when they are asked for consent. */
  readonly name: string;
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  /** Audiences that its tokens may have. */
  readonly audience: readonly string[];
  readonly redirectUris: pulumi.Input<readonly string[]>;
  /** Whether people are asked for consent; a part of the platform does not ask. */
  readonly skipConsent: boolean;
  /** Increase it for a new secret. */
  readonly secretGeneration: number;
  /** Its page for people, which the start page shows. Default: none. */
  readonly home?: pulumi.Input<ClientHome>;
}

/**
 * An OAuth2 client in Hydra. It is ready when Hydra knows the client and Vault holds its credential. The controller of
 * services/identity reconciles it, and removes both when it is deleted.
 */
export class OAuthClient extends BibindComponent {
  readonly clientId: string;

  constructor(name: string, args: OAuthClientArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:OAuthClient", name, opts);
    this.clientId = physicalName("oauthClient", args.clientId);
    new CustomResource(
      this.child("client"),
      {
        apiVersion: `${oauthClientResource.group}/${oauthClientResource.version}`,
        kind: oauthClientResource.kind,
        metadata: {
          name: this.clientId,
          namespace: args.namespace,
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
          clientId: this.clientId,
          name: args.name,
          grantTypes: args.grantTypes,
          responseTypes: args.grantTypes.includes("authorization_code") ? ["code"] : [],
          redirectUris: args.redirectUris,
          scopes: args.scopes,
          audience: args.audience,
          tokenEndpointAuthMethod: "client_secret_basic",
          skipConsent: args.skipConsent,
          secretGeneration: args.secretGeneration,
          home: args.home,
        },
      },
      { parent: this },
    );
    this.registerOutputs({ clientId: this.clientId });
  }
}
