import assert from "node:assert/strict";
import { healthOf } from "../../../../sandbox/commands/health.ts";
import { loopbackCertificate, TlsServer, type Answer } from "../../../support/tls-server.ts";

describe("the health of an application", () => {
  let answer: Answer;
  let server: TlsServer;
  let certificate = "";

  before(async () => {
    const tls = await loopbackCertificate();
    certificate = tls.certificate;
    server = new TlsServer(tls, () => answer);
    await server.listen();
  });

  after(() => server.stop());

  const healthFor = (status: number): Promise<string> => {
    answer = { status, body: "" };
    return healthOf(server.url, certificate);
  };

  it("is good when the application answers or redirects", async () => {
    assert.equal(await healthFor(200), "healthy");
    assert.equal(await healthFor(307), "healthy");
  });

  it("is bad when the application fails, or when the front door does not know it", async () => {
    assert.equal(await healthFor(503), "unhealthy: it answers 503");
    assert.equal(await healthFor(404), "unhealthy: it answers 404");
  });

  it("is bad when nobody answers, or when another CA signed the certificate", async () => {
    answer = undefined;
    assert.equal(await healthOf(server.url, certificate), "does not answer: ECONNRESET");
    answer = { status: 200, body: "" };
    const { certificate: other } = await loopbackCertificate();
    assert.equal(await healthOf(server.url, other), "does not answer: DEPTH_ZERO_SELF_SIGNED_CERT");
    const { url } = server;
    await server.stop();
    assert.equal(await healthOf(url, certificate), "does not answer: ECONNREFUSED");
    await server.listen();
  });
});
