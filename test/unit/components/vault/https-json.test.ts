import assert from "node:assert/strict";
import { HttpRefusal, postJson } from "../../../../components/vault/https-json.ts";
import {
  TlsServer,
  loopbackCertificate,
  type Answer,
  type ReceivedRequest,
  type KeyAndCertificate,
} from "../../../support/tls-server.ts";

describe("postJson", () => {
  let tls: KeyAndCertificate;
  let server: TlsServer;
  let requests: ReceivedRequest[];
  let answer: Answer;

  before(async () => {
    tls = await loopbackCertificate();
    server = new TlsServer(tls, (request) => {
      requests.push(request);
      return answer;
    });
    await server.listen();
  });
  beforeEach(() => {
    requests = [];
    answer = { status: 200, body: "{}" };
  });
  after(() => server.stop());

  const post = (body: unknown): Promise<unknown> =>
    postJson(new URL("/v1/x", server.url), body, { ca: tls.certificate });

  it("sends JSON in UTF-8, and returns the JSON of the answer", async () => {
    answer = { status: 201, body: '{"answer":"é"}' };
    assert.deepEqual(await post({ question: "é€" }), { answer: "é" });
    assert.deepEqual(
      requests.map(({ method, path, body }) => [method, path, body]),
      [["POST", "/v1/x", '{"question":"é€"}']],
    );
  });

  it("sends the given headers too", async () => {
    const headers = { Authorization: "Bearer abc" };
    await postJson(new URL(server.url), {}, { ca: tls.certificate, headers });
    assert.equal(requests[0]?.authorization, "Bearer abc");
  });

  it("refuses a server whose certificate the given CA did not sign", async () => {
    const { certificate } = await loopbackCertificate();
    await assert.rejects(postJson(new URL(server.url), {}, { ca: certificate }), /self-signed certificate/);
    await assert.rejects(postJson(new URL(server.url), {}, {}), /self-signed certificate/);
    assert.deepEqual(requests, []);
  });

  for (const status of [300, 403, 503]) {
    it(`throws an HttpRefusal for ${status}, with the beginning of the answer`, async () => {
      answer = { status, body: `because${"!".repeat(1000)}` };
      await assert.rejects(post({}), (error: unknown) => {
        assert(error instanceof HttpRefusal);
        assert.equal(error.status, status);
        assert.match(error.message, new RegExp(`^HTTP ${status}: because!`));
        assert(error.message.length < 400);
        return true;
      });
    });
  }

  it("names the server whose answer is not JSON, and does not show the answer", async () => {
    answer = { status: 200, body: "<html>secret</html>" };
    await assert.rejects(post({}), (error: unknown) => {
      assert(error instanceof Error);
      assert.equal(error.message, `127.0.0.1:${server.port} answered something that is not JSON`);
      return true;
    });
  });

  it("fails when the server hangs up", async () => {
    answer = undefined;
    await assert.rejects(post({}), /socket hang up|ECONNRESET/);
  });
});
