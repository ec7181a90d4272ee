import assert from "node:assert/strict";
import { freePort } from "../../support/free-port.ts";

describe("freePort", () => {
  it("gives no port to two servers that start one after the other", async () => {
    const ports = new Set<number>();
    for (let server = 0; server < 500; server += 1) {
      ports.add(await freePort());
    }
    assert.equal(ports.size, 500);
  });
});
