import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../components/errors/operator-error.ts";
import type { OpenSession } from "../components/vault/deployer-login.ts";
import {
  exported,
  readLive,
  readUpstream,
  type Contract,
  type Exported,
  type Fields,
  type Outputs,
} from "./contract.ts";
import { openProtection, protectedLayersOutput, refuseLoss } from "./data-protection.ts";
import type { Layer, LayerContext, Provided } from "./layer.ts";
import { checkRelations } from "./map/check.ts";
import { peopleApplications, type PeopleApplication } from "./map/pages.ts";
import { assembleMap } from "./map/platform-map.ts";
import type { Relation } from "./map/relation.ts";
import { loadSettings } from "./settings/load.ts";
import type { SettingsSource } from "./settings/source.ts";

/**
 * What a stack of this program exports: every layer by its name, the relations, the applications that people open in a
 * browser, and the layers with protected data.
 */
export type PlatformOutputs = Readonly<
  Record<string, Exported | readonly Relation[] | readonly PeopleApplication[] | readonly string[]>
>;

/** Outputs and resources of the layers that are known so far. */
class KnownLayers {
  readonly #outputs = new Map<string, object>();
  readonly #provided = new Map<string, Provided>();

  add(layer: string, outputs: object, provided: Provided): void {
    this.#outputs.set(layer, outputs);
    this.#provided.set(layer, provided);
  }

  /** The context in which a layer is deployed. */
  contextOf(layer: Layer, platform: Pick<LayerContext, "map" | "models" | "openSession">): LayerContext {
    return {
      ...platform,
      required: layer.needs.flatMap((name) => this.#provided.get(name)?.layer ?? []),
      requiredOf: (application) =>
        layer.needs.flatMap((name) => this.#provided.get(name)?.applications?.[application] ?? []),
      outputsOf: <F extends Fields>(contract: Contract<F>): Outputs<F> => {
        const outputs = this.#outputs.get(contract.layer);
        if (outputs === undefined || !layer.needs.includes(contract.layer)) {
          throw new Error(`layer ${layer.name} uses outputs of ${contract.layer}: add that to its "needs"`);
        }
        return readLive(contract, outputs);
      },
    };
  }
}

/**
 * The exported layers of the upstream stack, by name. Their version and shape are checked.
 *
 * @param needed - layers that the upstream stack must export
 * @throws OperatorError when it does not, or when a layer has another version or shape
 */
async function upstreamLayers(
  upstream: string | undefined,
  layers: readonly Layer[],
  needed: ReadonlySet<string>,
): Promise<Map<string, object>> {
  const found = new Map<string, object>();
  if (upstream === undefined) {
    return found;
  }
  const reference = new pulumi.StackReference(upstream);
  for (const { name, contract } of layers) {
    const details = await reference.getOutputDetails(name);
    const exportedValue: unknown = details.value ?? details.secretValue;
    if (exportedValue !== undefined) {
      found.set(name, readUpstream(contract, upstream, exportedValue));
    } else if (needed.has(name)) {
      throw new OperatorError({
        what: `stack ${upstream} does not deploy the layer ${name}, which this stack needs`,
        where: "bibind:upstream",
        remedy: `run pulumi up on stack ${upstream} with the layer ${name}, or add ${name} to bibind:layers`,
      });
    }
  }
  return found;
}

/**
 * Deploys the layers that the settings name, in the order of the list. The other layers are read from the upstream stack.
 *
 * @param openSession - logs the deployer in to Vault
 * @throws OperatorError with every problem of the settings, or of the relations, before any resource is registered
 */
export async function deployPlatform(
  source: SettingsSource,
  openSession: OpenSession,
  layers: readonly Layer[],
): Promise<PlatformOutputs> {
  const settings = loadSettings(source, layers);
  const configured = new Map(
    layers.flatMap((layer) =>
      settings.layers.has(layer.name) ? [[layer.name, layer.configure(settings.layers.get(layer.name))] as const] : [],
    ),
  );
  const deployedNames = [...configured.keys()];
  await refuseLoss(deployedNames, layers, source.file);
  if (!settings.protectData) {
    openProtection();
  }
  checkRelations(layers.map(({ name, mapPart }) => configured.get(name)?.mapPart ?? mapPart));
  const others = layers.filter(({ name }) => !configured.has(name));
  const needed = new Set(layers.flatMap(({ name, needs }) => (configured.has(name) ? needs : [])));
  const upstream = await upstreamLayers(settings.upstream, others, needed);
  const present = layers.filter(({ name }) => configured.has(name) || upstream.has(name));
  const map = assembleMap(present.map(({ name, mapPart }) => configured.get(name)?.mapPart ?? mapPart));

  const models = layers.map(({ name }) => name);
  const known = new KnownLayers();
  const outputs: Record<string, Exported | readonly Relation[]> = {};
  for (const layer of present) {
    const { name, contract } = layer;
    const deployed = await configured.get(name)?.deploy(known.contextOf(layer, { map, models, openSession }));
    const layerOutputs = deployed?.outputs ?? upstream.get(name) ?? {};
    known.add(name, layerOutputs, deployed?.provided ?? { layer: [] });
    outputs[name] = exported(contract, layerOutputs);
  }
  return {
    ...outputs,
    relations: map.relations,
    applications: peopleApplications(map),
    [protectedLayersOutput]: settings.protectData ? deployedNames : [],
  };
}
