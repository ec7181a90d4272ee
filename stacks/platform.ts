import { StackReference } from "@pulumi/pulumi";
import { exported, type Exported } from "./contract.ts";
import { foundationContract, foundationFrom, type FoundationContract } from "./foundation/contract.ts";
import { deployFoundation } from "./foundation/index.ts";
import { layerSettings } from "./settings/layers.ts";
import { loadSettings } from "./settings/load.ts";
import type { SettingsSource } from "./settings/source.ts";

/** What a stack of this program exports: the contract of each layer, deployed here or read from upstream. */
export interface PlatformOutputs {
  readonly foundation: Exported<FoundationContract> | undefined;
}

/**
 * Deploys the layers that the settings name, in order; a layer that is not named is read from the upstream stack.
 *
 * @throws OperatorError with every problem of the settings at once, before any resource is registered
 */
export function deployPlatform(source: SettingsSource): PlatformOutputs {
  const settings = loadSettings(source, layerSettings);
  if (settings.foundation !== undefined) {
    return { foundation: exported(foundationContract, deployFoundation(settings.foundation)) };
  }
  if (settings.upstream === undefined) {
    return { foundation: undefined };
  }
  const upstream = new StackReference(settings.upstream);
  return { foundation: exported(foundationContract, foundationFrom(upstream)) };
}
