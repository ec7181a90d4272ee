import type * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Provider } from "@pulumi/vault/provider.js";
import { z } from "zod";
import { Access } from "../../stacks/access/access.ts";
import { postgresSettings } from "../../stacks/access/postgres-settings.ts";
import { postgresCluster, postgresRelations } from "../../stacks/access/relations.ts";
import { LayerModel } from "../../stacks/access/layer-model.ts";
import { plain, readUpstream } from "../../stacks/contract.ts";
import { foundationContract } from "../../stacks/foundation/contract.ts";
import { layerAccess } from "../../stacks/iam/layer-access.ts";
import { layer, type Deployed, type Layer, type LayerContext } from "../../stacks/layer.ts";
import { layers } from "../../stacks/layers.ts";
import { assembleMap, consumed } from "../../stacks/map/platform-map.ts";
import type { Interface, Relation } from "../../stacks/map/relation.ts";
import { deployPlatform, type PlatformOutputs } from "../../stacks/platform.ts";
import { record, type RecordOptions, type Recording } from "./mocks.ts";
import { foundationOutputs, iamOutputs, upstreamStack, withUpstream } from "./upstream.ts";
import { noSession } from "./vault-session.ts";

const settings = z.strictObject({ postgres: postgresSettings });
const fields = z.object({ url: plain(z.string()) });

/** The relations of the layer that each test needs. */
const ownRelations: readonly Relation[] = [
  ...postgresRelations("desk"),
  { consumer: "foundation/ingress", endpoint: "desk/web", interface: "web" },
];

/** What the application can use: a database, keys, a sign-in, and the identities of people. */
export const uses = {
  database: { consumer: "desk/web", endpoint: "desk/postgres", interface: "database", database: "desk" },
  secrets: { consumer: "desk/web", endpoint: "iam/vault", interface: "secrets", keys: { session: { length: 32 } } },
  oauth: {
    consumer: "desk/web",
    endpoint: "iam/hydra",
    interface: "oauth",
    client: {
      clientId: "desk",
      name: "Desk",
      grantTypes: ["authorization_code"],
      scopes: ["openid"],
      redirectPaths: ["/callback"],
    },
  },
  identity: { consumer: "desk/web", endpoint: "iam/kratos", interface: "identity" },
} as const satisfies Readonly<Record<string, Relation>>;

/** Makes what the relations of the application declare, and nothing else. */
function deployDesk({ postgres }: z.output<typeof settings>, context: LayerContext): Deployed<typeof fields.shape> {
  const model = new LayerModel("desk", context, context.outputsOf(foundationContract));
  const access = layerAccess(model, context);
  const databases = access.connect(model.postgres(postgres));
  const identity = access.identity("desk/web");
  const declares = (kind: Interface): boolean => consumed(context.map, "desk/web", kind).length > 0;
  if (declares("database")) {
    access.database("desk/web", databases, postgres);
  }
  if (declares("secrets")) {
    access.keys("desk/web");
  }
  if (declares("oauth")) {
    access.clientSecret("desk/web", access.client("desk/web"));
  }
  return { outputs: { url: model.expose("desk/web", { service: "web", port: 8443 }) }, provided: [identity] };
}

/** A layer above iam with one application, `desk/web`, that uses what these relations say. */
export function deskLayer(relations: readonly Relation[] = Object.values(uses)): Layer {
  return layer({
    name: "desk",
    needs: ["foundation", "iam"],
    settings,
    contract: { layer: "desk", version: 1, fields },
    applications: { ...postgresCluster, web: { offers: { web: [8443] } } },
    relations: [...ownRelations, ...relations],
    hosts: () => ({ web: "desk" }),
    load: () => Promise.resolve(deployDesk),
  });
}

/** What a test of the model changes. */
export interface ModelCase {
  /** What the application uses. Default: everything. */
  readonly relations?: readonly Relation[];
  /** Outputs of the foundation that differ. Default: none. */
  readonly foundation?: Partial<typeof foundationOutputs>;
  /** Resources of other layers that must exist first. Default: none. */
  readonly required?: readonly pulumi.Resource[];
}

/** The model of the layer `desk`, for a program of its own within `record`. */
export function deskModel({ relations, foundation, required = [] }: ModelCase = {}): LayerModel {
  const outputs = readUpstream(foundationContract, upstreamStack, { ...foundationOutputs, ...foundation });
  const parts = [...layers.map(({ mapPart }) => mapPart), deskLayer(relations).configure({}).mapPart];
  const context: LayerContext = {
    map: assembleMap(parts),
    openSession: noSession,
    required,
    outputsOf: () => {
      throw new Error("the model reads no other layer");
    },
  };
  return new LayerModel("desk", context, outputs);
}

/** Records a program that uses the access of the layer `desk`. Everything in Vault waits for the namespace `vault`. */
export function recordAccess<T>(
  use: (access: Access, model: LayerModel) => T,
  relations?: readonly Relation[],
): Promise<Recording<T>> {
  return record(() => {
    const model = deskModel({ relations });
    const options = { providers: { vault: new Provider("session", {}) }, dependsOn: new Namespace("vault") };
    return use(new Access(model, { internalAddress: iamOutputs.vaultInternalAddress, options }), model);
  });
}

/** The layer `desk`, deployed as a stack of its own on constant outputs of the layers foundation and iam. */
export function recordDesk(
  relations?: readonly Relation[],
  options: RecordOptions = {},
): Promise<Recording<PlatformOutputs>> {
  const values = { layers: ["desk"], upstream: upstreamStack };
  const answer = withUpstream({ foundation: foundationOutputs, iam: iamOutputs });
  const program = () =>
    deployPlatform({ file: "Pulumi.test.yaml", values }, noSession, [...layers, deskLayer(relations)]);
  return record(program, { answer, ...options });
}
