import assert from "node:assert/strict";
import { layerOf } from "../../support/layer-tests.ts";

describe("the layer of a test file", () => {
  it("is the one that its folder or its name belongs to", () => {
    assert.equal(layerOf("test/e2e/iam/sign-in.test.ts"), "iam");
    assert.equal(layerOf("test/integration/identity/pages.test.ts"), "iam");
    assert.equal(layerOf("test/attack/people/accounts.test.ts"), "iam");
    assert.equal(layerOf("test/integration/toolchain/vault/openbao.test.ts"), "iam");
  });

  it("is the foundation for everything else", () => {
    assert.equal(layerOf("test/e2e/ingress.test.ts"), "foundation");
    assert.equal(layerOf("test/integration/toolchain/kubernetes.test.ts"), "foundation");
  });
});
