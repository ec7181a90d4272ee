import * as pulumi from "@pulumi/pulumi";
import { AppIdentity } from "../../components/access/app-identity.ts";
import { ApplicationKeys, type GeneratedKey } from "../../components/access/application-keys.ts";
import type { RestartTarget } from "../../components/access/destination.ts";
import { LeasedDatabaseUser } from "../../components/access/leased-database-user.ts";
import { OAuthClient, type OAuthClientArgs } from "../../components/access/oauth-client.ts";
import { StoredSetting } from "../../components/access/stored-setting.ts";
import { SyncedSecret } from "../../components/access/synced-secret.ts";
import { VaultConnection } from "../../components/access/vault-connection.ts";
import type { PostgresCluster } from "../../components/postgres/cluster.ts";
import { postgresApplication } from "../../components/postgres/endpoint.ts";
import { DatabaseConnection } from "../../components/vault/database-connection.ts";
import { clientPath } from "../../components/vault/paths.ts";
import { theRelation } from "../map/check.ts";
import { keyringOf } from "../map/platform-map.ts";
import { partsOf, type ApplicationName, type DeclaredClient } from "../map/relation.ts";
import { images } from "../versions.ts";
import type { LayerModel } from "./layer-model.ts";
import { policyOf } from "./policy.ts";
import type { PostgresSettings } from "./postgres-settings.ts";
import { homeOf, redirectUris } from "./client-uris.ts";

const secondsPerHour = 3600;

/** The Vault that the access kit uses. */
export interface VaultOfLayer {
  /** URL for pods. */
  readonly internalAddress: pulumi.Input<string>;
  /** Provider of the deployer's session, and the resources that must exist before an application can use Vault. */
  readonly options: pulumi.ComponentResourceOptions;
}

/** How a layer uses a Secret. */
export interface SecretUse {
  /** Workloads that restart when the Secret changes. Empty only when every reader reads the Secret again by itself. */
  readonly restarts: readonly RestartTarget[];
}

/** How a layer uses a Secret with keys. */
export interface KeysUse extends SecretUse {
  /** Further keys of the Secret, none of them secret. Default: none. */
  readonly values?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** How a layer uses a database. */
export interface DatabaseUse extends SecretUse {
  /** Further parameters of the URL, such as the size of the pool. Default: none. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A template for each key of the Secret that copies Vault's value. */
function copies(keys: object): Record<string, string> {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, `{{ get .Secrets "${key}" }}`]));
}

/** The access of a layer's applications: each method makes what a relation of the map declares. */
export class Access {
  readonly #model: LayerModel;
  readonly #vault: VaultOfLayer;
  readonly #connection: VaultConnection;
  readonly #identities = new Map<ApplicationName, AppIdentity>();
  readonly #settings = new Map<string, StoredSetting>();

  constructor(model: LayerModel, vault: VaultOfLayer) {
    this.#model = model;
    this.#vault = vault;
    this.#connection = new VaultConnection(
      `${model.name}-vault-connection`,
      { namespace: model.name, address: vault.internalAddress },
      pulumi.mergeOptions(model.consumerOptions("foundation/secrets-operator"), vault.options),
    );
  }

  #options(application?: ApplicationName): pulumi.ComponentResourceOptions {
    return pulumi.mergeOptions(this.#model.options(application), this.#vault.options);
  }

  /** The service account of an application, and its rights in Vault. */
  identity(name: ApplicationName): AppIdentity {
    const known = this.#identities.get(name);
    if (known !== undefined) {
      return known;
    }
    const { layer, app } = partsOf(name);
    const identity = new AppIdentity(
      `${layer}-${app}-access`,
      {
        layer,
        application: app,
        namespace: this.#model.name,
        policy: policyOf(this.#model.map, name),
        connection: this.#connection,
      },
      this.#options(name),
    );
    this.#identities.set(name, identity);
    return identity;
  }

  /** A Secret with the keys that the platform generates for an application. */
  keys(name: ApplicationName, { values = {}, restarts }: KeysUse): SyncedSecret {
    const { keys = {} } = theRelation(this.#model.map, name, "secrets", "iam/vault");
    const { layer, app } = partsOf(name);
    const generated = this.#generate(name, keys);
    return new SyncedSecret(
      `${layer}-${app}-keys`,
      {
        identity: this.identity(name),
        secretName: `${app}-keys`,
        path: generated.path,
        templates: { ...copies(keys), ...values },
        restarts,
      },
      pulumi.mergeOptions(this.#options(name), { dependsOn: generated }),
    );
  }

  #generate(name: ApplicationName, keys: Readonly<Record<string, GeneratedKey>>): ApplicationKeys {
    const { layer, app } = partsOf(name);
    const keyring = keyringOf(name);
    return new ApplicationKeys(
      `${layer}-${app}-keyring`,
      {
        layer,
        application: app,
        keeper: this.identity(keyring),
        vaultAddress: this.#vault.internalAddress,
        image: images.identity,
        keys,
      },
      this.#options(keyring),
    );
  }

  /** A Secret with values that the operator gave in the settings. Vault keeps them under the layer's name. */
  setting(
    name: ApplicationName,
    setting: string,
    values: Readonly<Record<string, pulumi.Output<string>>>,
    { restarts }: SecretUse,
  ): SyncedSecret {
    const { layer, app } = partsOf(name);
    const stored = this.#stored(name, setting, values);
    return new SyncedSecret(
      `${layer}-${app}-${setting}`,
      { identity: this.identity(name), secretName: `${app}-${setting}`, path: stored.path, restarts },
      pulumi.mergeOptions(this.#options(name), { dependsOn: stored }),
    );
  }

  /** A setting in Vault, which several applications of the layer may read. */
  #stored(
    reader: ApplicationName,
    setting: string,
    values: Readonly<Record<string, pulumi.Output<string>>>,
  ): StoredSetting {
    const known = this.#settings.get(setting);
    if (known !== undefined) {
      return known;
    }
    const { layer, app } = partsOf(reader);
    // Earlier programs named the setting after its only reader. Without the alias, Pulumi deletes it after it made this one.
    const aliases = [{ name: `${layer}-${app}-${setting}-setting` }];
    const stored = new StoredSetting(
      `${layer}-${setting}-setting`,
      { layer, setting, values },
      pulumi.mergeOptions(this.#options(), { aliases }),
    );
    this.#settings.set(setting, stored);
    return stored;
  }

  /** The OAuth2 client of an application, in Hydra and in Vault. */
  client(name: ApplicationName, ...required: readonly pulumi.Resource[]): OAuthClient {
    const { client } = theRelation(this.#model.map, name, "oauth", "iam/hydra");
    const { layer, app } = partsOf(name);
    const uris = { redirectUris: redirectUris(this.#model, name, client), home: homeOf(this.#model, name) };
    return this.#declare(`${layer}-${app}-client`, client, uris, this.#model.options(name), required);
  }

  /** The OAuth2 client of a program outside of the platform. */
  outsideClient(client: DeclaredClient, ...required: readonly pulumi.Resource[]): OAuthClient {
    const name = `${this.#model.name}-client-${client.clientId}`;
    const uris = { redirectUris: [...(client.redirectUris ?? [])] };
    return this.#declare(name, client, uris, this.#model.options(), required);
  }

  #declare(
    resource: string,
    client: DeclaredClient,
    uris: Pick<OAuthClientArgs, "redirectUris" | "home">,
    opts: pulumi.ComponentResourceOptions,
    required: readonly pulumi.Resource[],
  ): OAuthClient {
    return new OAuthClient(
      resource,
      {
        namespace: this.#model.name,
        clientId: client.clientId,
        name: client.name,
        grantTypes: client.grantTypes,
        scopes: client.scopes,
        audience: client.audience ?? [],
        ...uris,
        skipConsent: client.trusted ?? false,
        secretGeneration: client.secretGeneration ?? 1,
      },
      pulumi.mergeOptions(opts, { dependsOn: [...required] }),
    );
  }

  /** A Secret with the credential of an application's OAuth2 client: `client_id` and `client_secret`. */
  clientSecret(name: ApplicationName, client: OAuthClient, { restarts }: SecretUse): SyncedSecret {
    const { layer, app } = partsOf(name);
    return new SyncedSecret(
      `${layer}-${app}-client-secret`,
      {
        identity: this.identity(name),
        secretName: `${app}-client`,
        path: clientPath(layer, client.clientId),
        templates: copies({ client_id: "", client_secret: "" }),
        restarts,
      },
      pulumi.mergeOptions(this.#options(name), { dependsOn: client }),
    );
  }

  /** Lets Vault make users in the layer's PostgreSQL cluster. */
  connect(cluster: PostgresCluster): DatabaseConnection {
    return new DatabaseConnection(
      `${this.#model.name}-database-connection`,
      { layer: this.#model.name, cluster },
      this.#options(`${this.#model.name}/${postgresApplication}`),
    );
  }

  /** A Secret with the user by which an application reaches its database. */
  database(
    name: ApplicationName,
    connection: DatabaseConnection,
    { rotationHours }: Pick<PostgresSettings, "rotationHours">,
    { parameters, restarts }: DatabaseUse,
  ): LeasedDatabaseUser {
    const { layer, app } = partsOf(name);
    const { database } = theRelation(this.#model.map, name, "database", `${layer}/${postgresApplication}`);
    return new LeasedDatabaseUser(
      `${layer}-${app}-database`,
      {
        identity: this.identity(name),
        layer,
        database,
        connection,
        rotationSeconds: rotationHours * secondsPerHour,
        secretName: `${app}-database`,
        parameters,
        restarts,
      },
      this.#options(name),
    );
  }
}
