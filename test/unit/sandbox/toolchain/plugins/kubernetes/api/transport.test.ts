import assert from "node:assert/strict";
import type { Connection } from "../../../../../../../components/kubernetes/kubeconfig.ts";
import {
  CancelledError,
  UnreachableError,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/errors.ts";
import { Transport } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/transport.ts";
import { loopbackCertificate, useRecordingServer } from "../../../../../../support/tls-server.ts";
import { FakeApiServer, type Answer } from "../api-server.ts";

describe("The transport to an API server", () => {
  const server = useRecordingServer();

  const transport = (options: Connection["tls"]): Transport => {
    const headers = () => Promise.resolve({ authorization: "Bearer administrator" });
    return new Transport({ server: server().url, tls: options, headers, namespace: "default", context: "test" }, 10);
  };

  it("sends the headers of the kubeconfig to a server of the kubeconfig's CA", async () => {
    const { status } = await transport({ ca: Buffer.from(server().tls.certificate) }).send({
      method: "GET",
      path: "/api/v1",
    });
    assert.equal(status, 200);
    assert.deepEqual(
      server().requests.map(({ path, authorization }) => [path, authorization]),
      [["/api/v1", "Bearer administrator"]],
    );
  });

  it("sends nothing to a server whose certificate another CA signed", async () => {
    const { certificate } = await loopbackCertificate();
    for (const ca of [Buffer.from(certificate), undefined]) {
      await assert.rejects(transport(ca === undefined ? {} : { ca }).send({ method: "GET", path: "/" }), (error) => {
        assert(error instanceof UnreachableError);
        assert.match(error.message, /self-signed certificate/);
        return true;
      });
    }
    assert.deepEqual(server().requests, []);
  });

  it("sends nothing to a server whose certificate is for another name", async () => {
    const options = { ca: Buffer.from(server().tls.certificate), servername: "kubernetes.example" };
    await assert.rejects(transport(options).send({ method: "GET", path: "/" }), /kubernetes\.example/);
    assert.deepEqual(server().requests, []);
  });
});

describe("a request to the API server", () => {
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
    let interrupted = Infinity;
    server = await FakeApiServer.start(() => {
      // By then the client has the answer, and pauses.
      setTimeout(() => {
        interrupted = performance.now();
        interrupt.abort();
      }, 200);
      return overloaded;
    });
    const request = { method: "GET", path: "/api", signal: interrupt.signal } as const;
    await assert.rejects(new Transport(server.connection, 10).send(request), CancelledError);
    assert.ok(performance.now() - interrupted < 1000);
    assert.equal(server.requests.length, 1);
  });
});
