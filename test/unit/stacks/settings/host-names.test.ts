import assert from "node:assert/strict";
import { z } from "zod";
import { layers } from "../../../../stacks/layers.ts";
import { hostNames, sharedHostNames } from "../../../../stacks/settings/host-names.ts";
import { dnsLabel, hostName } from "../../../../stacks/settings/values.ts";

const shop = {
  name: "shop",
  needs: [],
  settings: z.strictObject({
    hostName: hostName("shop").describe("Its host name."),
    stock: z.strictObject({ hostName: hostName("stock"), size: z.int().default(1) }).prefault({}),
    label: dnsLabel("no-host").default("no-host"),
  }),
};
const desk = { name: "desk", needs: ["shop"], settings: z.strictObject({ hostName: hostName("desk") }) };

const names = (given: unknown): string[] => hostNames([shop, desk], given).map(({ name }) => name);

/** The settings that give a name of another setting, with the message. */
const shared = (given: unknown): string[] =>
  sharedHostNames([shop, desk], given).map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("the host names of a stack", () => {
  it("are the defaults of its layers, at every depth of the settings", () => {
    assert.deepEqual(names({ layers: ["shop", "desk"] }), ["shop", "stock", "desk"]);
  });

  it("are the given names where the settings give them", () => {
    const given = { layers: ["desk", "shop"], shop: { stock: { hostName: "store" } }, desk: { hostName: "office" } };
    assert.deepEqual(names(given), ["shop", "store", "office"]);
  });

  it("leave out the layers that the stack does not deploy", () => {
    assert.deepEqual(names({ layers: ["desk"], shop: { hostName: "store" } }), ["desk"]);
    assert.deepEqual(names({}), []);
  });

  it("leave out a name that is no text: the check of the settings reports it", () => {
    assert.deepEqual(names({ layers: ["shop"], shop: { hostName: 7, stock: "x" } }), ["stock"]);
  });

  it("leave out a part that is switched off", () => {
    assert.deepEqual(names({ layers: ["shop"], shop: { stock: { enabled: false } } }), ["shop"]);
  });

  it("must be distinct, within a layer and over all layers, also where one is a default", () => {
    assert.deepEqual(shared({ layers: ["shop", "desk"] }), []);
    assert.deepEqual(shared({ layers: ["shop", "desk"], shop: { stock: { hostName: "shop" } } }), [
      'shop.stock.hostName: "shop" is also the host name of bibind:shop.hostName',
    ]);
    assert.deepEqual(shared({ layers: ["shop", "desk"], desk: { hostName: "stock" } }), [
      'desk.hostName: "stock" is also the host name of bibind:shop.stock.hostName',
    ]);
  });

  it("may be the name of a part that is switched off, or of a layer that the stack does not deploy", () => {
    const desk = { hostName: "stock" };
    assert.deepEqual(shared({ layers: ["shop", "desk"], shop: { stock: { enabled: false } }, desk }), []);
    assert.deepEqual(shared({ layers: ["desk"], desk }), []);
  });

  it("are a label of the settings only if the schema says that it is a host name", () => {
    assert(!names({ layers: ["shop"], shop: { label: "front" } }).includes("front"));
  });

  it("are those by which the platform's applications have their hosts", () => {
    const given = {
      layers: ["foundation", "iam"],
      iam: { vault: { hostName: "secrets" }, startPage: { hostName: "hello" } },
    };
    assert.deepEqual(
      hostNames(layers, given).map(({ name, path }) => `${path.join(".")}=${name}`),
      ["iam.vault.hostName=secrets", "iam.signIn.hostName=auth", "iam.startPage.hostName=hello"],
    );
  });
});
