import assert from "node:assert/strict";
import { CancelledError } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/errors.ts";
import { Transport } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/transport.ts";
import { FakeApiServer, type Answer } from "../api-server.ts";

describe("a request to the API server", function () {
  // Less than the pause that the server asks for.
  this.timeout(3000);
  const overloaded: Answer = [503, {}, { "retry-after": "5" }];
  let server: FakeApiServer;

  afterEach(() => {
    server.stop();
  });

  it("is sent again when the server is overloaded", async () => {
    const answers: Answer[] = [
      [503, {}],
      [200, { kind: "Pod" }],
    ];
    server = await FakeApiServer.start(() => answers.shift() ?? overloaded);
    const { status } = await new Transport(server.connection, 10).send({ method: "GET", path: "/api" });
    assert.equal(status, 200);
  });

  it("ends at once when the operator interrupts the pause before the next attempt", async () => {
    const interrupt = new AbortController();
    server = await FakeApiServer.start(() => {
      // The operator interrupts while the client pauses, after it has the answer.
      setTimeout(() => interrupt.abort(), 200);
      return overloaded;
    });
    const request = { method: "GET", path: "/api", signal: interrupt.signal } as const;
    await assert.rejects(new Transport(server.connection, 10).send(request), CancelledError);
    assert.equal(server.requests.length, 1);
  });
});
