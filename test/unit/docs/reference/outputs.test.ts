import assert from "node:assert/strict";
import { z } from "zod";
import { outputsReference } from "../../../../docs/reference/outputs.ts";
import { plain, secret } from "../../../../stacks/contract.ts";
import { layer } from "../../../../stacks/layer.ts";
import { layers } from "../../../../stacks/layers.ts";

const shop = layer({
  name: "shop",
  needs: [],
  data: "all orders",
  settings: z.strictObject({}),
  contract: {
    layer: "shop",
    version: 4,
    fields: z.object({
      url: plain(z.string()).describe("URL of the shop."),
      password: secret(z.string()).describe("Password of its owner."),
    }),
  },
  applications: {},
  relations: [],
  load: () => Promise.reject(new Error("the reference loads no code")),
});

describe("the reference of the outputs", () => {
  it("shows the version of the contract, and of each field whether it is secret and its meaning", () => {
    const [, section] = outputsReference([shop]).split("## Layer shop\n\n");
    assert.equal(
      section,
      [
        "Version 4 of the contract.",
        "",
        "| Output | Secret | Meaning |",
        "| --- | --- | --- |",
        "| `url` |  | URL of the shop. |",
        "| `password` | secret | Password of its owner. |",
        "",
      ].join("\n"),
    );
  });

  it("has a section for each layer, in their order", () => {
    const sections = [...outputsReference(layers).matchAll(/^## Layer (.*)$/gm)].map(([, name]) => name);
    assert.deepEqual(
      sections,
      layers.map(({ name }) => name),
    );
  });

  it("describes every field of every layer", () => {
    for (const { name, contract } of layers) {
      const fields = Object.entries(contract.fields.shape);
      const undescribed = fields.filter(([, field]) => (z.globalRegistry.get(field)?.description ?? "") === "");
      assert.deepEqual(undescribed, [], name);
    }
  });
});
