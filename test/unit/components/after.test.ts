import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { after } from "../../../components/after.ts";
import { namesBehind, record } from "../../support/mocks.ts";
import { settled } from "../../support/outputs.ts";

describe("after", () => {
  it("gives the text as it is", async () => {
    assert.equal(await settled(after([pulumi.output(1)], "the text")), "the text");
    assert.equal(await settled(after([], pulumi.output("the text"))), "the text");
  });

  it("lets what is given the text begin when the others are there", async () => {
    const { result } = await record(() => {
      const [first, second] = [new Namespace("first"), new Namespace("second")];
      return after([first.id, second.id], "the text");
    });
    assert.deepEqual(await namesBehind(result), ["first", "second"]);
  });

  it("keeps a secret text secret", async () => {
    assert.equal(await pulumi.isSecret(after([pulumi.output(1)], pulumi.secret("the text"))), true);
  });
});
