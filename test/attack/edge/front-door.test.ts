import assert from "node:assert/strict";
import { lookup } from "node:dns/promises";
import { connect, type ConnectionOptions } from "node:tls";
import { z } from "zod";
import { foundationOutputs, iamOutputs, ensureSandboxIsUp, type Iam } from "../../support/sandbox.ts";
import { Web } from "../../support/web.ts";
import { sshOffer } from "./ssh-offer.ts";

/** Paths of Vault that tell a caller without a token about its servers, or let him act on them. */
const internals = [
  "sys/leader",
  "sys/init",
  "sys/internal/specs/openapi",
  "sys/storage/raft/bootstrap/challenge",
  "sys/unseal",
  "sys/generate-root/attempt",
];

/** Other ways to write a path. */
const spellings = [
  (path: string) => path,
  (path: string) => path.replace("sys", "%73ys"),
  (path: string) => path.replace("sys/", "sys//"),
  (path: string) => path.replace("sys/", "sys/x/../"),
  (path: string) => path.replace("sys/", "sys/./"),
  (path: string) => `${path}/`,
  (path: string) => `${path}?help=1`,
];

const wrapped = z.object({ wrap_info: z.unknown() });

describe("The front door of the sandbox", function () {
  this.timeout(300_000);
  let iam: Iam;
  let web: Web;
  let ca: string;
  let address: string;

  before(async () => {
    await ensureSandboxIsUp();
    iam = await iamOutputs();
    ca = (await foundationOutputs()).caCertificate;
    web = new Web(ca);
    ({ address } = await lookup(new URL(iam.vaultAddress).hostname));
  });

  after(() => web.close());

  const beginSignIn = (headers: Readonly<Record<string, string>>) =>
    web.request(`${iam.vaultAddress}/v1/auth/oidc/oidc/auth_url`, {
      json: { role: "person", redirect_uri: `${iam.vaultAddress}/ui/vault/auth/oidc/oidc/callback` },
      headers,
    });

  it("lets nobody store an answer in Vault for a year", async () => {
    for (const header of ["X-Vault-Wrap-TTL", "x-vault-wrap-ttl", "X-VAULT-WRAP-TTL"]) {
      const { status, body } = await beginSignIn({ [header]: "8760h", "X-Vault-Wrap-Format": "jwt" });
      assert.equal(status, 200);
      assert.equal(wrapped.parse(body).wrap_info, null);
    }
  });

  for (const path of internals) {
    it(`tells nobody outside what ${path} answers`, async () => {
      for (const spelling of spellings) {
        const url = `${iam.vaultAddress}/v1/${spelling(path)}`;
        const { status, body } = await web.request(url);
        assert(status >= 300, `${url}: ${status} ${JSON.stringify(body)}`);
        assert.doesNotMatch(JSON.stringify(body), /vault-\d|\.svc|\d+\.\d+\.\d+/, url);
      }
    });
  }

  it("still shows the page of Vault, with the sign-in of people", async () => {
    for (const path of ["ui/", "v1/sys/health", "v1/sys/seal-status", "v1/sys/internal/ui/mounts"]) {
      assert.equal((await web.request(`${iam.vaultAddress}/${path}`)).status, 200, path);
    }
  });

  it("refuses a large body, at Vault and at the pages", async () => {
    const json = { word: "x".repeat(2 * 1024 * 1024) };
    for (const url of [`${iam.vaultAddress}/v1/sys/capabilities-self`, `${iam.signInUrl}/registration`]) {
      assert.equal((await web.request(url, { json })).status, 413, url);
    }
  });

  /** Whether the ingress agrees on a connection. @returns its protocol and cipher */
  const handshake = (options: ConnectionOptions): Promise<string> =>
    new Promise((resolve, reject) => {
      const host = new URL(iam.vaultAddress).hostname;
      const socket = connect({ host: address, port: 443, servername: host, ca, ...options }, () => {
        resolve(`${socket.getProtocol() ?? ""} ${socket.getCipher().standardName}`);
        socket.destroy();
      });
      socket.on("error", reject);
    });

  it("agrees on TLS 1.3, and on TLS 1.2 with authenticated encryption", async () => {
    assert.match(await handshake({}), /^TLSv1\.3 /);
    assert.match(await handshake({ maxVersion: "TLSv1.2" }), /^TLSv1\.2 TLS_ECDHE_\w+_(GCM|POLY1305)_/);
  });

  it("agrees on no older protocol and no other cipher", async () => {
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" } as const;
    await assert.rejects(handshake(old), /protocol version|alert/);
    for (const ciphers of ["ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA", "AES128-GCM-SHA256", "AES128-SHA"]) {
      await assert.rejects(handshake({ maxVersion: "TLSv1.2", ciphers: `${ciphers}:@SECLEVEL=0` }), /handshake|alert/);
    }
  });

  it("answers one client only as often as the limit allows", async () => {
    const requests = Array.from({ length: 800 }, () => web.request(`${iam.vaultAddress}/v1/sys/health`));
    const statuses = (await Promise.all(requests)).map(({ status }) => status);
    assert(statuses.includes(429), "no request was refused");
  });

  it("offers over SSH nothing with SHA-1 and no authentication code of 64 bits", async () => {
    const { kex, hostKey, macIn, macOut } = await sshOffer(address);
    const weak = [...kex, ...hostKey, ...macIn, ...macOut].filter((name) => /sha1|umac-64|^ssh-rsa$|md5/.test(name));
    assert.deepEqual(weak, []);
    assert(macIn.length > 0 && kex.length > 0);
  });
});
