import assert from "node:assert/strict";
import { overview } from "../../../../sandbox/commands/stack/outputs.ts";

describe("the overview of the platform", () => {
  it("shows the software and the URLs, and no secret", () => {
    const outputs = {
      foundation: {
        domain: "bibind.test",
        kubeconfig: "[secret]",
        software: { CloudNativePG: "1.27.0" },
        urls: { welcome: "https://welcome.bibind.test/" },
      },
      other: 3,
    };
    const text = overview(JSON.stringify(outputs));
    assert.match(text, /foundation +CloudNativePG 1\.27\.0/);
    assert.match(text, /welcome +https:\/\/welcome\.bibind\.test\//);
    assert.doesNotMatch(text, /secret/);
  });
});
