import assert from "node:assert/strict";
import { httpExchange, type HttpSettings } from "../../../../../../../sandbox/toolchain/plugins/vault/server/http.ts";
import {
  TlsServer,
  loopbackCertificate,
  type KeyAndCertificate,
  type ReceivedRequest,
} from "../../../../../../support/tls-server.ts";

describe("A request of the vault plugin", () => {
  let tls: KeyAndCertificate;
  let server: TlsServer;
  let requests: ReceivedRequest[];

  before(async () => {
    tls = await loopbackCertificate();
    server = new TlsServer(tls, (request) => {
      requests.push(request);
      return { status: 200, body: "{}" };
    });
    await server.listen();
  });
  beforeEach(() => {
    requests = [];
  });
  after(() => server.stop());

  const get = (changes: Partial<HttpSettings>) =>
    httpExchange({
      address: server.url,
      authorities: [tls.certificate],
      verify: true,
      serverName: undefined,
      ...changes,
    })({
      method: "GET",
      path: "a path/b",
      headers: { "x-vault-token": "t" },
    });

  it("goes to the API's version 1 of a server of the configured CA", async () => {
    const { status, body } = await get({});
    assert.deepEqual([status, body], [200, "{}"]);
    assert.equal(requests[0]?.path, "/v1/a%20path/b");
  });

  it("is not sent to a server whose certificate another CA signed, or that has another name", async () => {
    const { certificate } = await loopbackCertificate();
    await assert.rejects(get({ authorities: [certificate] }), /self-signed certificate/);
    await assert.rejects(get({ authorities: [] }), /self-signed certificate/);
    await assert.rejects(get({ serverName: "vault.example" }), /vault\.example/);
    assert.deepEqual(requests, []);
  });

  it("is sent to any server when the provider skips the verification", async () => {
    assert.equal((await get({ authorities: [], verify: false })).status, 200);
  });
});
