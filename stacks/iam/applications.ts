import * as pulumi from "@pulumi/pulumi";
import { SecretV2 } from "@pulumi/vault/kv/secretV2.js";
import { AppIdentity } from "../../components/access/app-identity.ts";
import type { RestartTarget } from "../../components/access/destination.ts";
import { LeasedDatabaseUser } from "../../components/access/leased-database-user.ts";
import { SyncedSecret } from "../../components/access/synced-secret.ts";
import { IdentityTask, taskTokenFile } from "../../components/identity/identity-task.ts";
import { oryPool } from "../../components/identity/ory-chart.ts";
import { caFile } from "../../components/kubernetes/model.ts";
import type { PostgresCluster } from "../../components/postgres/cluster.ts";
import { authMethods, engines } from "../../components/vault/mounts.ts";
import { theRelation } from "../graph/check.ts";
import { partsOf, policyOf } from "../graph/consequences.ts";
import type { ApplicationName } from "../relations.ts";
import { images } from "../versions.ts";
import { keptValues, keyrings, keyringSchedule, type KeptApplication } from "./keyrings.ts";
import type { IamPlace } from "./place.ts";
import type { IamSettings } from "./settings.ts";
import type { ConfiguredVault } from "./vault.ts";

const secondsPerHour = 3600;

/** How a task of the identity service logs in to Vault, in the words of its configuration. */
export interface TaskVault {
  readonly address: string;
  readonly role: string;
  readonly authMount: string;
  readonly kvMount: string;
  readonly tokenFile: string;
}

/** A template for each key that hands on what Vault gives. */
function templatesOf(keys: object): Record<string, string> {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, `{{ get .Secrets "${key}" }}`]));
}

/** The applications of the layer: for each what its relations say, made when it is first asked for. */
export class Applications {
  readonly #place: IamPlace;
  readonly #postgres: PostgresCluster;
  readonly #vault: ConfiguredVault;
  readonly #rotationSeconds: number;
  readonly #opts: pulumi.ComponentResourceOptions;
  readonly #identities = new Map<ApplicationName, AppIdentity>();

  constructor(place: IamPlace, settings: IamSettings, postgres: PostgresCluster, vault: ConfiguredVault) {
    this.#place = place;
    this.#postgres = postgres;
    this.#vault = vault;
    this.#rotationSeconds = settings.postgres.rotationHours * secondsPerHour;
    this.#opts = { ...vault.session.options(place.provider), dependsOn: vault.core };
  }

  /** Who an application is, and what it may do in Vault. */
  identity(name: ApplicationName): AppIdentity {
    const known = this.#identities.get(name);
    if (known !== undefined) {
      return known;
    }
    const { layer, app } = partsOf(name);
    const made = new AppIdentity(
      `${layer}-${app}-access`,
      {
        layer,
        application: app,
        namespace: this.#place.namespace,
        policy: policyOf(this.#place.map, name),
        vaultConnection: this.#vault.connection,
      },
      this.#opts,
    );
    this.#identities.set(name, made);
    return made;
  }

  /** How a task logs in to Vault as an application. */
  taskVault(name: ApplicationName): pulumi.Output<TaskVault> {
    return pulumi.all([this.#vault.server.innerAddress, this.identity(name).role]).apply(([address, role]) => ({
      address,
      role,
      authMount: authMethods.kubernetes,
      kvMount: engines.kv,
      tokenFile: taskTokenFile,
    }));
  }

  /**
   * The Secret with the keys that an application keeps for itself: made by a task, and rotated by it every month.
   *
   * @param beside - further keys of the Secret, none of them secret
   */
  keyring(
    app: KeptApplication,
    beside: Readonly<Record<string, pulumi.Input<string>>>,
    ...restarts: readonly RestartTarget[]
  ): pulumi.Output<string> {
    const keeper: ApplicationName = `iam/${app}-keyring`;
    theRelation(this.#place.map, keeper, "secrets", "iam/vault");
    const path = `iam/${app}`;
    const task = new IdentityTask(
      `iam-${app}-keyring`,
      {
        identity: this.identity(keeper),
        application: `${app}-keyring`,
        image: images.identity,
        command: ["keyring"],
        scheduledCommand: ["keyring", "--rotate"],
        schedule: keyringSchedule,
        config: this.taskVault(keeper).apply((vault) => ({ vault, path, keys: keyrings[app], keep: keptValues })),
      },
      this.#place.opts,
    );
    const synced = new SyncedSecret(
      `iam-${app}-keys`,
      {
        identity: this.identity(`iam/${app}`),
        secretName: `${app}-keys`,
        path: task.done.apply(() => path),
        templates: { ...templatesOf(keyrings[app]), ...beside },
        restarts,
      },
      this.#opts,
    );
    return synced.secretName;
  }

  /** The user by which an application reaches its database. */
  database(name: ApplicationName): LeasedDatabaseUser {
    const { database } = theRelation(this.#place.map, name, "database", "iam/postgres");
    const { layer, app } = partsOf(name);
    return new LeasedDatabaseUser(
      `${layer}-${app}-database`,
      {
        identity: this.identity(name),
        layer,
        database,
        host: this.#postgres.host,
        connection: this.#vault.core.databaseConnection,
        rotationSeconds: this.#rotationSeconds,
        secretName: `${app}-database`,
        parameters: oryPool,
        caFile,
      },
      this.#opts,
    );
  }

  /** A Secret with what the operator gave in the settings; Vault holds it for whoever reads it. */
  setting(name: ApplicationName, setting: string, values: Readonly<Record<string, pulumi.Output<string>>>) {
    const { layer, app } = partsOf(name);
    const path = `settings/${setting}`;
    const kept = new SecretV2(
      `${layer}-${app}-${setting}-setting`,
      {
        mount: engines.kv,
        name: path,
        dataJson: pulumi.secret(pulumi.jsonStringify(values)),
        // The deployer may write what it was given, and read nothing.
        disableRead: true,
        deleteAllVersions: true,
      },
      {
        provider: this.#vault.session.provider,
        transformations: this.#opts.transformations,
        dependsOn: this.#vault.core,
      },
    );
    const synced = new SyncedSecret(
      `${layer}-${app}-${setting}`,
      { identity: this.identity(name), secretName: `${app}-${setting}`, path: kept.id.apply(() => path) },
      this.#opts,
    );
    return synced.secretName;
  }
}
