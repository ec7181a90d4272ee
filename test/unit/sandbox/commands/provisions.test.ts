import assert from "node:assert/strict";
import { platformNames } from "../../../../sandbox/commands/provisions.ts";

const settings = (foundation: object): string => JSON.stringify({ config: { "bibind:foundation": foundation } });

describe("the names of the sandbox's host", () => {
  it("are the platform's domain, and below it each front door and the caught mail", () => {
    assert.deepEqual(platformNames(settings({ domain: "bibind.test" })), [
      ...["bibind.test", "welcome.bibind.test", "auth.bibind.test", "vault.bibind.test", "mail.bibind.test"],
    ]);
  });

  it("follow the settings", () => {
    const names = platformNames(settings({ domain: "other.test", welcomePage: { hostName: "hello" } }));
    assert.deepEqual(names.slice(0, 2), ["other.test", "hello.other.test"]);
  });
});
