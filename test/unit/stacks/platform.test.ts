import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { plain, secret, type Contract } from "../../../stacks/contract.ts";
import { layer, type Layer, type LayerContext } from "../../../stacks/layer.ts";
import { applicationsIn } from "../../../stacks/map/platform-map.ts";
import type { ApplicationName, Relation } from "../../../stacks/map/relation.ts";
import { deployPlatform, type PlatformOutputs } from "../../../stacks/platform.ts";
import { record, type Recording } from "../../support/mocks.ts";
import { settled } from "../../support/outputs.ts";
import { upstreamStack, withUpstream } from "../../support/upstream.ts";
import { noSession } from "../../support/vault-session.ts";

const fields = z.object({ url: plain(z.string()), password: secret(z.string()) });
const contractOf = (name: string): Contract<typeof fields.shape> => ({ layer: name, version: 1, fields });
const exportedOf = (name: string) => ({
  contractVersion: 1,
  url: `https://${name}.test`,
  password: `${name} password`,
});

/** What the deployment of a layer got. */
type Contexts = Map<string, LayerContext>;

interface TestLayer {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly relations?: readonly Relation[];
  /** Layers whose outputs it reads while it is deployed. Default: none. */
  readonly reads?: readonly string[];
}

/** A layer that registers one namespace, provides it, and notes its context. */
function testLayer(contexts: Contexts, { name, needs = [], relations = [], reads = [] }: TestLayer): Layer {
  return layer({
    name,
    needs,
    data: `the data of ${name}`,
    settings: z.strictObject({ size: z.int().default(1) }),
    contract: contractOf(name),
    applications: { app: { offers: { web: [443] } } },
    relations,
    load: () =>
      Promise.resolve((_, context) => {
        contexts.set(name, context);
        reads.forEach((other) => context.outputsOf(contractOf(other)));
        const { url, password } = exportedOf(name);
        return {
          outputs: { url: pulumi.output(url), password: pulumi.secret(password) },
          provided: {
            layer: [new Namespace(`${name}-namespace`)],
            applications: { [`${name}/app`]: [new Namespace(`${name}-app`)] },
          },
        };
      }),
  });
}

const web = (consumer: string, endpoint: string): Relation => ({
  consumer: `${consumer}/app`,
  endpoint: `${endpoint}/app`,
  interface: "web",
});

interface Run {
  readonly recording: Recording<PlatformOutputs>;
  readonly contexts: Contexts;
}

/** Deploys these layers with these settings; the upstream stack exports the layers `upstream`. */
async function deploy(
  layers: readonly TestLayer[],
  values: Readonly<Record<string, unknown>>,
  upstream: readonly string[] = [],
): Promise<Run> {
  const contexts: Contexts = new Map();
  const answer = withUpstream(Object.fromEntries(upstream.map((name) => [name, exportedOf(name)])));
  const all = layers.map((given) => testLayer(contexts, given));
  const program = () => deployPlatform({ file: "Pulumi.test.yaml", values }, noSession, all);
  return { recording: await record(program, { answer }), contexts };
}

const base: TestLayer = { name: "base" };
const shop: TestLayer = { name: "shop", needs: ["base"], relations: [web("shop", "base")] };
const desk: TestLayer = {
  name: "desk",
  needs: ["base"],
  relations: [web("desk", "shop"), web("desk", "base")],
};

async function valueOf(
  outputs: PlatformOutputs,
  layer: string,
  field: string,
): Promise<[value: unknown, secret: boolean]> {
  const output: unknown = Reflect.get(Object(outputs[layer]), field);
  assert(pulumi.Output.isInstance(output));
  return [await settled(output), await pulumi.isSecret<unknown>(output)];
}

describe("the platform", () => {
  it("deploys the layers in the order of the list, and not in that of the settings", async () => {
    const { contexts } = await deploy([base, shop, desk], { layers: ["desk", "base", "shop"] });
    assert.deepEqual([...contexts.keys()], ["base", "shop", "desk"]);
  });

  it("requires what the needed layers of the same stack provide, and nothing of the others", async () => {
    const { contexts } = await deploy([base, shop, desk], { layers: ["base", "shop", "desk"] });
    const required = await Promise.all((contexts.get("desk")?.required ?? []).map(({ urn }) => settled(urn)));
    assert.deepEqual(
      required.map((urn) => String(urn).split("::").at(-1)),
      ["base-namespace"],
    );
    assert.deepEqual(contexts.get("base")?.required, []);
  });

  it("requires what an application of a needed layer provides, for its consumers only", async () => {
    const { contexts } = await deploy([base, shop, desk], { layers: ["base", "shop", "desk"] });
    const requiredOf = async (application: ApplicationName): Promise<unknown[]> => {
      const resources = contexts.get("desk")?.requiredOf(application) ?? [];
      const urns = await Promise.all(resources.map(({ urn }) => settled(urn)));
      return urns.map((urn) => String(urn).split("::").at(-1));
    };
    assert.deepEqual(await requiredOf("base/app"), ["base-app"]);
    assert.deepEqual(await requiredOf("shop/app"), []);
    assert.deepEqual(await requiredOf("base/other"), []);
  });

  it("requires nothing of a layer that the upstream stack deploys", async () => {
    const { contexts } = await deploy([base, shop], { layers: ["shop"], upstream: upstreamStack }, ["base"]);
    assert.deepEqual(contexts.get("shop")?.required, []);
  });

  it("exports every layer with the version of its contract, and the relations", async () => {
    const { recording } = await deploy([base, shop], { layers: ["base", "shop"] });
    const { result } = recording;
    assert.deepEqual(Object.keys(result), ["base", "shop", "relations", "applications", "protectedLayers"]);
    assert.equal(Reflect.get(Object(result["shop"]), "contractVersion"), 1);
    assert.deepEqual(await valueOf(result, "shop", "url"), ["https://shop.test", false]);
    assert.deepEqual(await valueOf(result, "shop", "password"), ["shop password", true]);
    assert.deepEqual(result["relations"], [web("shop", "base")]);
  });

  it("exports the layers of the upstream stack again, secret in the same fields", async () => {
    const { recording } = await deploy([base, shop], { layers: [], upstream: upstreamStack }, ["base", "shop"]);
    const { result } = recording;
    assert.deepEqual(Object.keys(result), ["base", "shop", "relations", "applications", "protectedLayers"]);
    assert.equal(Reflect.get(Object(result["base"]), "contractVersion"), 1);
    assert.deepEqual(await valueOf(result, "base", "url"), ["https://base.test", false]);
    assert.deepEqual(await valueOf(result, "base", "password"), ["base password", true]);
  });

  it("exports the layers whose data it protects: those that it deploys, or none when the settings open the protection", async () => {
    const values = { layers: ["shop"], upstream: upstreamStack };
    for (const [protectData, expected] of [
      [undefined, ["shop"]],
      [true, ["shop"]],
      [false, []],
    ] as const) {
      const { recording } = await deploy([base, shop], { ...values, protectData }, ["base"]);
      assert.deepEqual(recording.result["protectedLayers"], expected);
    }
  });

  it("leaves out a layer that neither stack deploys, with its relations", async () => {
    const { recording, contexts } = await deploy([base, shop, desk], { layers: ["desk"], upstream: upstreamStack }, [
      "base",
    ]);
    assert.deepEqual(Object.keys(recording.result), ["base", "desk", "relations", "applications", "protectedLayers"]);
    assert.deepEqual(recording.result["relations"], [web("desk", "base")]);
    const map = contexts.get("desk")?.map;
    assert(map !== undefined);
    assert.deepEqual(applicationsIn(map, "shop"), []);
    assert.deepEqual(map.declaredBy.get("desk"), [web("desk", "base")]);
  });

  it("deploys a layer itself although the upstream stack deploys it too", async () => {
    const { contexts } = await deploy([base, shop], { layers: ["base", "shop"], upstream: upstreamStack }, ["base"]);
    assert.deepEqual([...contexts.keys()], ["base", "shop"]);
  });
});

describe("the outputs that a layer reads", () => {
  it("are those of a layer of the same stack or of the upstream stack", async () => {
    for (const [layers, upstream] of [
      [["base", "shop"], []],
      [["shop"], ["base"]],
    ] as const) {
      const { contexts } = await deploy([base, shop], { layers, upstream: upstreamStack }, upstream);
      const outputs = contexts.get("shop")?.outputsOf(contractOf("base"));
      assert(outputs !== undefined);
      assert.equal(await settled(outputs.url), "https://base.test");
      assert.equal(await pulumi.isSecret(outputs.password), true);
    }
  });

  it("are never those of a layer that it does not need", async () => {
    const reader = { ...desk, reads: ["shop"] };
    await assert.rejects(
      deploy([base, shop, reader], { layers: ["base", "shop", "desk"] }),
      /^Error: layer desk uses outputs of shop: add that to its "needs"$/,
    );
  });
});

/** What the stacks export before a deployment. */
interface Before {
  /** What the upstream stack exports for a layer. */
  readonly exports?: typeof exportedOf;
  /** What the last update of the stack itself exported. Default: nothing. */
  readonly lastOutputs?: Readonly<Record<string, unknown>>;
}

describe("the checks before a deployment", () => {
  /** The error of a deployment, and the resources that it registered beside the stack itself. */
  async function failure(
    layers: readonly TestLayer[],
    values: Readonly<Record<string, unknown>>,
    upstream: readonly string[] = [],
    { exports = exportedOf, lastOutputs = {} }: Before = {},
  ): Promise<{ readonly error: OperatorError; readonly registered: readonly string[] }> {
    const registered: string[] = [];
    const stack = withUpstream(Object.fromEntries(upstream.map((name) => [name, exports(name)])));
    const answer: typeof stack = (resource) => {
      registered.push(resource.type);
      return stack(resource);
    };
    const all = layers.map((given) => testLayer(new Map(), given));
    const program = () => deployPlatform({ file: "Pulumi.test.yaml", values }, noSession, all);
    const error: unknown = await record(program, { answer, lastOutputs }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert(error instanceof OperatorError, String(error));
    return { error, registered: registered.filter((type) => type !== "pulumi:pulumi:Stack") };
  }

  it("register nothing when a setting is wrong", async () => {
    const { error, registered } = await failure([base, shop], { layers: ["base", "shop"], shop: { size: "x" } });
    assert.match(error.parts.what, /bibind:shop\.size \(Pulumi\.test\.yaml\): expected/);
    assert.deepEqual(registered, []);
  });

  it("register nothing when a layer with protected data is removed, even if the same settings open the protection", async () => {
    const lastOutputs = { protectedLayers: ["base", "shop"] };
    for (const protectData of [undefined, false]) {
      const values = { layers: ["base"], protectData };
      const { error, registered } = await failure([base, shop], values, [], { lastOutputs });
      assert.match(error.parts.what, /this would delete\n  shop: the data of shop$/);
      assert.deepEqual(registered, []);
    }
  });

  it("register nothing when a relation is wrong, even in a layer that is not deployed", async () => {
    const wrong = { ...shop, relations: [web("shop", "nobody")] };
    const { error, registered } = await failure([base, wrong], { layers: ["base"] });
    assert.match(error.parts.what, /shop\/app → nobody\/app \(web\): there is no application nobody\/app/);
    assert.deepEqual(registered, []);
  });

  it("register nothing but the reference when the upstream stack has another version of a layer", async () => {
    const values = { layers: ["shop"], upstream: upstreamStack };
    const older = (name: string) => ({ ...exportedOf(name), contractVersion: 0 });
    const { error, registered } = await failure([base, shop], values, ["base"], { exports: older });
    assert.match(error.parts.what, /^layer base needs version 1 of its contract, the stack gives 0$/);
    assert.deepEqual(registered, ["pulumi:pulumi:StackReference"]);
  });

  it("register nothing but the reference when the upstream stack does not deploy a needed layer", async () => {
    const { error, registered } = await failure([base, shop], { layers: ["shop"], upstream: upstreamStack });
    assert.deepEqual(error.parts, {
      what: `stack ${upstreamStack} does not deploy the layer base, which this stack needs`,
      where: "bibind:upstream",
      remedy: `run pulumi up on stack ${upstreamStack} with the layer base, or add base to bibind:layers`,
    });
    assert.deepEqual(registered, ["pulumi:pulumi:StackReference"]);
  });
});
