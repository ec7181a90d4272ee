import assert from "node:assert/strict";
import { lookup } from "node:dns/promises";
import { request as plainRequest, type IncomingHttpHeaders, type IncomingMessage, type ClientRequest } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { challengeName, challengeObjects } from "../support/acme-challenge.ts";
import { eventually } from "../support/eventually.ts";
import {
  foundationOutputs,
  iamOutputs,
  Kubectl,
  sandboxSucceeds,
  type Foundation,
  type Iam,
} from "../support/sandbox.ts";
import { loopbackCertificate } from "../support/tls-server.ts";

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request and reads the response, without following a redirect. */
function answerTo(sent: ClientRequest, what: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    sent.on("response", (response: IncomingMessage) => {
      const { statusCode: status, headers } = response;
      text(response).then((body) => resolve({ status, headers, body }), reject);
    });
    sent.on("timeout", () => sent.destroy(new Error(`${what} did not answer within 5 s`)));
    sent.on("error", reject);
    sent.end();
  });
}

/** Sends one HTTPS request that trusts only `ca`. */
const get = (url: string, ca: string): Promise<Answer> => answerTo(request(url, { ca, timeout: 5000 }), url);

/** Sends one request to port 80 of the ingress, for any host. */
const plain = (method: string, host: string, path: string, address: string): Promise<Answer> =>
  answerTo(plainRequest({ host: address, port: 80, method, path, headers: { host }, timeout: 5000 }), `${host}${path}`);

describe("ingress of the sandbox", function () {
  this.timeout(600_000);
  let foundation: Foundation;
  let iam: Iam;
  let address: string;

  const welcome = (): string => iam.urls["welcome"] ?? "";
  /** The URLs of all hosts of the platform. */
  const urls = (): string[] => [welcome(), iam.signInUrl, iam.vaultAddress];
  const hosts = (): string[] => urls().map((url) => new URL(url).hostname);

  before(async () => {
    await sandboxSucceeds("up");
    [foundation, iam] = [await foundationOutputs(), await iamOutputs()];
    ({ address } = await lookup(new URL(welcome()).hostname));
  });

  it("leads over HTTPS, with a certificate of the internal CA, to the start page", async () => {
    assert.equal(welcome(), "https://welcome.bibind.test");
    const { headers } = await eventually("the host of the start page redirects", 60, async () => {
      const got = await get(welcome(), foundation.caCertificate);
      assert.equal(got.status, 303);
      return got;
    });
    assert.equal(headers.location, `${iam.signInUrl}/`);
    const { status, body } = await get(headers.location, foundation.caCertificate);
    assert.equal(status, 200);
    assert.match(body, /Bienvenue sur Bibind|Welcome to Bibind/);
  });

  it("makes browsers use TLS only, on every host of the platform", async () => {
    for (const url of urls()) {
      const { headers } = await get(url, foundation.caCertificate);
      assert.match(String(headers["strict-transport-security"]), /^max-age=\d{8}/, url);
    }
  });

  it("redirects a request that reads from port 80 to TLS, whatever its host and its path", async () => {
    for (const host of [...hosts(), "elsewhere.bibind.test", "dashboard.localhost", address]) {
      for (const [method, path] of [
        ["GET", "/"],
        ["GET", "/v1/sys/health"],
        ["HEAD", "/login?flow=1"],
      ] as const) {
        const { status, headers } = await plain(method, host, path, address);
        assert(status === 301 || status === 308, `${method} ${host}${path}: ${String(status)}`);
        assert.equal(headers.location, `https://${host}${path}`);
      }
    }
  });

  it("refuses every other request on port 80, and answers nothing of a program", async () => {
    for (const host of [...hosts(), "elsewhere.bibind.test", "dashboard.localhost"]) {
      for (const [method, path] of [
        ["POST", "/v1/auth/oidc/oidc/auth_url"],
        ["POST", "/self-service/login?flow=1"],
        ["PUT", "/"],
        ["DELETE", "/"],
        ["OPTIONS", "/"],
        ["POST", "/.well-known/acme-challenge/token"],
      ] as const) {
        const { status, body } = await plain(method, host, path, address);
        assert.deepEqual([status, body], [403, "Forbidden"], `${method} ${host}${path}`);
      }
    }
  });

  it("answers the challenge of a public CA on port 80, from the pod that cert-manager starts for it", async () => {
    const kubectl = await Kubectl.ofSandbox();
    const challenge = { namespace: "iam", host: new URL(iam.signInUrl).hostname, token: "e2e-token", key: "e2e-key" };
    const ask = () => plain("GET", challenge.host, `/.well-known/acme-challenge/${challenge.token}`, address);
    assert.equal((await ask()).status, 404, "there is no challenge yet");
    try {
      for (const object of challengeObjects(challenge)) {
        await kubectl.apply(object);
      }
      await eventually("the challenge is answered", 120, async () => {
        const { status, body } = await ask();
        assert.deepEqual([status, body], [200, challenge.key]);
      });
    } finally {
      await kubectl.run("-n", challenge.namespace, "delete", "pod,service,ingress", challengeName);
    }
  });

  it("is not trusted by a client that trusts another CA", async () => {
    const { certificate } = await loopbackCertificate();
    await assert.rejects(get(welcome(), certificate), /self-signed certificate in|unable to (verify|get)/);
    assert.equal((await get(welcome(), foundation.caCertificate)).status, 303);
  });

  it("has no address for a name that no layer declares", async () => {
    await assert.rejects(get("https://elsewhere.bibind.test", foundation.caCertificate), /ENOTFOUND|EAI_AGAIN/);
  });
});
