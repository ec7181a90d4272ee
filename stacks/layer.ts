import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { OpenSession } from "../components/vault/deployer-login.ts";
import type { Contract, Fields, Outputs } from "./contract.ts";
import type { MapPart, PlatformMap } from "./map/platform-map.ts";
import type { ApplicationName, DeclaredClient } from "./map/relation.ts";
import type { LayerSettings } from "./settings/deployed-layers.ts";

/** What a layer can use while it is deployed. */
export interface LayerContext {
  readonly map: PlatformMap;
  /** Names of the models of all layers of this program, deployed or not. */
  readonly models: readonly string[];
  /** Logs the deployer in to Vault. */
  readonly openSession: OpenSession;
  /** Resources of the needed layers of this stack that must exist before anything of this layer. */
  readonly required: readonly pulumi.Resource[];
  /** Resources of an application of a needed layer of this stack that must exist before its consumers. */
  requiredOf(application: ApplicationName): readonly pulumi.Resource[];
  /**
   * The outputs of a needed layer, from this stack or from the upstream stack.
   *
   * @throws Error when the layer does not declare that it needs the other one
   */
  outputsOf<F extends Fields>(contract: Contract<F>): Outputs<F>;
}

/** What a layer gives to others after its deployment. */
export interface Deployed<F extends Fields> {
  readonly outputs: Outputs<F>;
  readonly provided: Provided;
}

/** Resources of a layer that must exist before others use it. */
export interface Provided {
  /** They must exist before a layer that needs this one begins. */
  readonly layer: readonly pulumi.Resource[];
  /** They must exist before the consumers of an application begin, by application. Default: none. */
  readonly applications?: Readonly<Record<ApplicationName, readonly pulumi.Resource[]>>;
}

/** Deploys a layer. */
export type Deploy<S extends z.ZodType, F extends Fields> = (
  settings: z.output<S>,
  context: LayerContext,
) => Deployed<F>;

/** A layer as its folder declares it. */
export interface LayerDefinition<S extends z.ZodType, F extends Fields> {
  /** Name of the layer, of its model, and of its settings below `bibind:`. */
  readonly name: string;
  /** Layers that must be deployed before it, in this stack or in the upstream stack. */
  readonly needs: readonly string[];
  /** Data that is lost when the layer is removed, for messages. */
  readonly data: string;
  readonly settings: S;
  /** What it requires of the settings of the layers that it needs. Default: nothing. See `LayerSettings`. */
  readonly requires?: LayerSettings["requires"];
  readonly contract: Contract<F>;
  readonly applications: MapPart["applications"];
  readonly relations: MapPart["relations"];
  /** Host names below the platform's domain, by application. Default: none. */
  readonly hosts?: (settings: z.output<S>) => Readonly<Record<string, string>>;
  /** OAuth2 clients of programs outside of the platform. Default: none. */
  readonly clients?: (settings: z.output<S>) => readonly DeclaredClient[];
  /** Loads the code of the deployment. A stack without the layer does not load it. */
  readonly load: () => Promise<Deploy<S, F>>;
}

/** A layer whose settings were checked. */
export interface ConfiguredLayer {
  readonly mapPart: MapPart;
  deploy(context: LayerContext): Promise<{ readonly outputs: object; readonly provided: Provided }>;
}

/** One layer of the platform: what is deployed and versioned together. */
export interface Layer extends LayerSettings {
  readonly data: string;
  readonly contract: Contract;
  /** Its part of the map, without what follows from its settings. */
  readonly mapPart: MapPart;
  /** @param given - settings that its schema accepts */
  configure(given: unknown): ConfiguredLayer;
}

/** Makes a layer. Its types are checked here, so that a list can hold layers of any settings and contract. */
export function layer<S extends z.ZodType, F extends Fields>(definition: LayerDefinition<S, F>): Layer {
  const { name, needs, data, settings, requires, contract, applications, relations, hosts, clients, load } = definition;
  const mapPart: MapPart = { layer: name, applications, relations };
  return {
    name,
    needs,
    data,
    settings,
    requires,
    contract,
    mapPart,
    configure(given) {
      const parsed = settings.parse(given);
      return {
        mapPart: { ...mapPart, hosts: hosts?.(parsed), clients: clients?.(parsed) },
        async deploy(context) {
          const deploy = await load();
          return deploy(parsed, context);
        },
      };
    },
  };
}
