import assert from "node:assert/strict";
import { platformNames } from "../../../../sandbox/commands/provisions.ts";

/** The text of a settings file with these layers. */
const settings = (layers: readonly string[], given: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    config: Object.fromEntries(Object.entries({ layers, ...given }).map(([key, value]) => [`bibind:${key}`, value])),
  });

const foundation = { domain: "bibind.test" };

describe("the names of the sandbox's host", () => {
  it("are the platform's domain, and below it the host names of the layers and of the mail catcher", () => {
    assert.deepEqual(platformNames(settings(["foundation", "iam"], { foundation })), [
      ...["bibind.test", "vault.bibind.test", "auth.bibind.test", "welcome.bibind.test", "mail.bibind.test"],
    ]);
  });

  it("are those of the deployed layers only", () => {
    assert.deepEqual(platformNames(settings(["foundation"], { foundation })), ["bibind.test", "mail.bibind.test"]);
  });

  it("follow the settings of every layer", () => {
    const names = platformNames(
      settings(["foundation", "iam"], {
        foundation: { domain: "other.test" },
        iam: { vault: { hostName: "secrets" }, startPage: { hostName: "hello" } },
      }),
    );
    assert.deepEqual(names, [
      ...["other.test", "secrets.other.test", "auth.other.test", "hello.other.test", "mail.other.test"],
    ]);
  });
});
