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
import type { Interface, Pages, Relation } from "../../stacks/map/relation.ts";
import { deployPlatform, type PlatformOutputs } from "../../stacks/platform.ts";
import { record, type RecordOptions, type Recording } from "./mocks.ts";
import { foundationOutputs, iamOutputs, upstreamStack, withUpstream } from "./upstream.ts";
import { noSession } from "./vault-session.ts";

const settings = z.strictObject({ postgres: postgresSettings });
const fields = z.object({ url: plain(z.string()) });

/** The relations that every test of the layer needs. */
const ownRelations: readonly Relation[] = [
  ...postgresRelations("example"),
  { consumer: "foundation/ingress", endpoint: "example/web", interface: "web" },
];

/** The relations that a test can add for the application: a database, keys, a sign-in, and the identities of people. */
export const uses = {
  database: { consumer: "example/web", endpoint: "example/postgres", interface: "database", database: "example" },
  secrets: { consumer: "example/web", endpoint: "iam/vault", interface: "secrets", keys: { session: { length: 32 } } },
  oauth: {
    consumer: "example/web",
    endpoint: "iam/hydra",
    interface: "oauth",
    client: {
      clientId: "example",
      name: "Example",
      grantTypes: ["authorization_code"],
      scopes: ["openid"],
      redirectPaths: ["/callback"],
    },
  },
  identity: { consumer: "example/web", endpoint: "iam/kratos", interface: "identity" },
} as const satisfies Readonly<Record<string, Relation>>;

const use = { restarts: [] };

/** Deploys what the relations of the application declare, and nothing else. */
function deployExample({ postgres }: z.output<typeof settings>, context: LayerContext): Deployed<typeof fields.shape> {
  const model = new LayerModel("example", context, context.outputsOf(foundationContract));
  const access = layerAccess(model, context);
  const databases = access.connect(model.postgres(postgres));
  const identity = access.identity("example/web");
  const declares = (kind: Interface): boolean => consumed(context.map, "example/web", kind).length > 0;
  if (declares("database")) {
    access.database("example/web", databases, postgres, use);
  }
  if (declares("secrets")) {
    access.keys("example/web", use);
  }
  if (declares("oauth")) {
    access.clientSecret("example/web", access.client("example/web"), use);
  }
  return {
    outputs: { url: model.expose("example/web", { service: "web", port: 8443 }) },
    provided: { layer: [identity] },
  };
}

/** A layer above iam. It has one application, `example/web`, with these relations and pages. */
export function exampleLayer(relations: readonly Relation[] = Object.values(uses), pages?: Pages): Layer {
  return layer({
    name: "example",
    needs: ["foundation", "iam"],
    data: "the database of the example",
    settings,
    contract: { layer: "example", version: 1, fields },
    applications: { ...postgresCluster, web: { offers: { web: [8443] }, pages } },
    relations: [...ownRelations, ...relations],
    hosts: () => ({ web: "example" }),
    load: () => Promise.resolve(deployExample),
  });
}

/** The differences of a test from the defaults. */
export interface ModelCase {
  /** Relations of the application. Default: all of `uses`. */
  readonly relations?: readonly Relation[];
  /** Pages of the application. Default: none. */
  readonly pages?: Pages;
  /** Outputs of the foundation that differ from the usual ones. Default: none. */
  readonly foundation?: Partial<typeof foundationOutputs>;
  /** Resources of other layers that must exist first. Default: none. */
  readonly required?: readonly pulumi.Resource[];
  /** Resources of other applications that must exist before their consumers. Default: none. */
  readonly requiredOf?: Readonly<Record<string, readonly pulumi.Resource[]>>;
}

/** The model of the layer `example`, for a program inside `record`. */
export function exampleModel(given: ModelCase = {}): LayerModel {
  const { relations, pages, foundation, required = [], requiredOf = {} } = given;
  const outputs = readUpstream(foundationContract, upstreamStack, { ...foundationOutputs, ...foundation });
  const parts = [...layers.map(({ mapPart }) => mapPart), exampleLayer(relations, pages).configure({}).mapPart];
  const context: LayerContext = {
    map: assembleMap(parts),
    models: [],
    openSession: noSession,
    required,
    requiredOf: (application) => requiredOf[application] ?? [],
    outputsOf: () => {
      throw new Error("the model reads no other layer");
    },
  };
  return new LayerModel("example", context, outputs);
}

/** Records a program that uses the access of the layer `example`. Its resources in Vault wait for the namespace `vault`. */
export function recordAccess<T>(
  use: (access: Access, model: LayerModel) => T,
  relations?: readonly Relation[],
): Promise<Recording<T>> {
  return record(() => {
    const model = exampleModel({ relations });
    const options = { providers: { vault: new Provider("session", {}) }, dependsOn: new Namespace("vault") };
    return use(new Access(model, { internalAddress: iamOutputs.vaultInternalAddress, options }), model);
  });
}

/** Records the layer `example` as a stack of its own. The upstream stack gives fixed outputs of foundation and iam. */
export function recordExampleLayer(
  relations?: readonly Relation[],
  options: RecordOptions = {},
): Promise<Recording<PlatformOutputs>> {
  const values = { layers: ["example"], upstream: upstreamStack };
  const answer = withUpstream({ foundation: foundationOutputs, iam: iamOutputs });
  const program = () =>
    deployPlatform({ file: "Pulumi.test.yaml", values }, noSession, [...layers, exampleLayer(relations)]);
  return record(program, { answer, ...options });
}
