import assert from "node:assert/strict";
import { request } from "node:https";
import { foundationOutputs, sandboxSucceeds, type Foundation } from "../support/sandbox.ts";
import { eventually } from "../support/eventually.ts";
import { loopbackCertificate } from "../support/tls-server.ts";

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/** Sends one HTTPS request that trusts only `ca`. */
function get(url: string, ca: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca, timeout: 5000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() }));
    });
    sent.on("timeout", () => sent.destroy(new Error(`${url} did not answer within 5 s`)));
    sent.on("error", reject);
    sent.end();
  });
}

describe("ingress of the sandbox", function () {
  this.timeout(600_000);
  let foundation: Foundation;

  before(async () => {
    await sandboxSucceeds("up");
    foundation = await foundationOutputs();
  });

  it("serves the example page over HTTPS with a certificate of the internal CA", async () => {
    const url = foundation.urls["welcome"] ?? "";
    assert.equal(url, "https://welcome.bibind.test");
    const answer = await eventually("the example page answers 200", 60, async () => {
      const got = await get(url, foundation.caCertificate);
      assert.equal(got.status, 200);
      return got;
    });
    assert.match(answer.body, /Bienvenue sur Bibind/);
  });

  it("is not trusted by a client that trusts another CA", async () => {
    const url = foundation.urls["welcome"] ?? "";
    const { certificate } = await loopbackCertificate();
    await assert.rejects(get(url, certificate), /self-signed certificate in|unable to (verify|get)/);
    assert.equal((await get(url, foundation.caCertificate)).status, 200);
  });

  it("has no address for a name that no layer declares", async () => {
    await assert.rejects(get("https://elsewhere.bibind.test", foundation.caCertificate), /ENOTFOUND|EAI_AGAIN/);
  });
});
