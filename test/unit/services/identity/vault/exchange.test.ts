import assert from "node:assert/strict";
import type { Fetch } from "../../../../../services/identity/network/retrying-fetch.ts";
import { exchange, reasonsIn } from "../../../../../services/identity/vault/exchange.ts";

const address = "https://vault.iam.svc:8200";

describe("a request to Vault", () => {
  it("goes to the API's version 1, with the token if there is one", async () => {
    const sent: [string, Headers][] = [];
    const fetch: Fetch = (url, init) => {
      sent.push([String(url), new Headers(init?.headers)]);
      return Promise.resolve(new Response(null, { status: 204 }));
    };
    await exchange(fetch, address, { method: "GET", path: "sys/init" });
    const answer = await exchange(fetch, address, { method: "POST", path: "a/b", token: "t", body: {} });
    assert.deepEqual(answer, { status: 204, body: {} });
    assert.deepEqual(
      sent.map(([url, headers]) => [url, headers.get("x-vault-token"), headers.get("x-vault-request")]),
      [
        [`${address}/v1/sys/init`, null, "true"],
        [`${address}/v1/a/b`, "t", "true"],
      ],
    );
  });

  it("follows no redirect, because the token is for this address only", async () => {
    let redirect: RequestRedirect | undefined;
    const standby: Fetch = (_, init) => {
      redirect = init?.redirect;
      return Promise.resolve(new Response(null, { status: 307, headers: { location: "https://elsewhere.test/" } }));
    };
    const { status } = await exchange(standby, address, { method: "GET", path: "a/b", token: "t" });
    assert.deepEqual([status, redirect], [307, "manual"]);
  });

  it("fails when another server answers", async () => {
    const page: Fetch = () => Promise.resolve(new Response("<html>", { status: 404 }));
    await assert.rejects(exchange(page, address, { method: "GET", path: "sys/init" }), {
      name: "OperatorError",
      message: /the server at Vault's address is not Vault \(404\)/,
    });
  });

  it("gives Vault's reasons in one line, or none", () => {
    assert.equal(reasonsIn({ status: 400, body: { errors: ["1 error:\n\t* no", "sealed"] } }), "1 error: * no; sealed");
    assert.equal(reasonsIn({ status: 503, body: {} }), "");
  });
});
