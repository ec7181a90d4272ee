import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { trust } from "../../../../../services/identity/network/trust.ts";
import { loopbackCertificate, TlsServer } from "../../../../support/tls-server.ts";

const fingerprints = (certificates: readonly string[]): string[] =>
  certificates.map((certificate) => new X509Certificate(certificate).fingerprint256);

describe("the CAs that the program trusts", () => {
  const previous = getCACertificates("default");
  let folder: string;
  let server: TlsServer;
  let caFile: string;

  before(async () => {
    const tls = await loopbackCertificate();
    folder = await mkdtemp(join(tmpdir(), "bibind-trust-"));
    caFile = join(folder, "ca.pem");
    await writeFile(caFile, tls.certificate);
    server = new TlsServer(tls, () => ({ status: 200, body: "{}" }));
    await server.listen();
  });

  after(async () => {
    setDefaultCACertificates(previous);
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it("are the one of the file and the default ones", async () => {
    await assert.rejects(fetch(server.url), TypeError);
    await trust(caFile, "kubernetes.caFile");
    assert.equal((await fetch(server.url)).status, 200);
    const trusted = new Set(fingerprints(getCACertificates("default")));
    assert.deepEqual(
      fingerprints(previous).filter((fingerprint) => !trusted.has(fingerprint)),
      [],
    );
  });

  it("are no others: a server of another CA is still refused", async () => {
    await trust(caFile, "kubernetes.caFile");
    let requests = 0;
    const stranger = new TlsServer(await loopbackCertificate(), () => {
      requests += 1;
      return { status: 200, body: "{}" };
    });
    await stranger.listen();
    const refusal = await fetch(stranger.url).catch((error: unknown) => error);
    await stranger.stop();
    assert(refusal instanceof TypeError);
    assert.match(String(refusal.cause), /self-signed certificate/);
    assert.equal(requests, 0);
  });

  it("must be in a readable file", async () => {
    await assert.rejects(trust(join(folder, "none"), "kubernetes.caFile"), {
      name: "OperatorError",
      message: /none cannot be read[\s\S]*kubernetes\.caFile/,
    });
  });
});
