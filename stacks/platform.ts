import { StackReference } from "@pulumi/pulumi";
import type { OpenSession } from "../components/vault/deployer-login.ts";
import { exported, type Exported } from "./contract.ts";
import { foundationContract, foundationFrom, type FoundationContract } from "./foundation/contract.ts";
import { checkMap } from "./graph/check.ts";
import { iamContract, type IamContract } from "./iam/contract.ts";
import { applications, relations, type Relation } from "./relations.ts";
import { layerSettings } from "./settings/layers.ts";
import { loadSettings } from "./settings/load.ts";
import type { SettingsSource } from "./settings/source.ts";

/** What a stack of this program exports: the contract of each layer, deployed here or read from upstream. */
export interface PlatformOutputs {
  readonly foundation: Exported<FoundationContract> | undefined;
  /** Undefined where this stack does not deploy it. */
  readonly iam: Exported<IamContract> | undefined;
  /** Every edge of the platform, deployed here or elsewhere. */
  readonly relations: readonly Relation[];
}

/**
 * Deploys the layers that the settings name, in order; a layer that is not named is read from the upstream stack.
 *
 * Only what is deployed is loaded: an environment does not pay for layers that it does not have.
 *
 * @param openSession - logs the deployer in to Vault
 * @throws OperatorError with every problem of the settings, or of the relations, before any resource is registered
 */
export async function deployPlatform(source: SettingsSource, openSession: OpenSession): Promise<PlatformOutputs> {
  const settings = loadSettings(source, layerSettings);
  const map = { applications, relations };
  checkMap(map);
  const upstream = settings.upstream === undefined ? undefined : new StackReference(settings.upstream);
  const foundation = settings.foundation
    ? (await import("./foundation/index.ts")).deployFoundation(settings.foundation)
    : upstream && foundationFrom(upstream);
  const iam =
    settings.iam &&
    foundation &&
    (await import("./iam/index.ts")).deployIam(settings.iam, foundation, map, openSession);
  return {
    foundation: foundation && exported(foundationContract, foundation),
    iam: iam && exported(iamContract, iam),
    relations,
  };
}
