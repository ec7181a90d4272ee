import assert from "node:assert/strict";
import { httpExchange, type HttpSettings } from "../../../../../../../sandbox/toolchain/plugins/vault/server/http.ts";
import { loopbackCertificate, useRecordingServer } from "../../../../../../support/tls-server.ts";

describe("A request of the vault plugin", () => {
  const server = useRecordingServer();

  const get = (changes: Partial<HttpSettings>) =>
    httpExchange({
      address: server().url,
      authorities: [server().tls.certificate],
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
    assert.equal(server().requests[0]?.path, "/v1/a%20path/b");
  });

  it("is not sent to a server whose certificate another CA signed, or that has another name", async () => {
    const { certificate } = await loopbackCertificate();
    await assert.rejects(get({ authorities: [certificate] }), /self-signed certificate/);
    await assert.rejects(get({ authorities: [] }), /self-signed certificate/);
    await assert.rejects(get({ serverName: "vault.example" }), /vault\.example/);
    assert.deepEqual(server().requests, []);
  });

  it("is sent to any server when the provider skips the verification", async () => {
    assert.equal((await get({ authorities: [], verify: false })).status, 200);
  });
});
