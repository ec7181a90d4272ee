import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { trust } from "../../../../../services/identity/network/trust.ts";
import { loopbackCertificate, TlsServer } from "../../../../support/tls-server.ts";

const prints = (authorities: readonly string[]): string[] =>
  authorities.map((authority) => new X509Certificate(authority).fingerprint256);

describe("the authorities that the program believes", () => {
  const former = getCACertificates("default");
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
    setDefaultCACertificates(former);
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it("are those that it is told of, beside those that it believes anyway", async () => {
    await assert.rejects(fetch(server.url), TypeError);
    await trust(caFile, "kubernetes.caFile");
    assert.equal((await fetch(server.url)).status, 200);
    const believed = new Set(prints(getCACertificates("default")));
    assert.deepEqual(
      prints(former).filter((print) => !believed.has(print)),
      [],
    );
  });

  it("must be in a file that can be read", async () => {
    await assert.rejects(trust(join(folder, "none"), "kubernetes.caFile"), {
      name: "OperatorError",
      message: /none cannot be read[\s\S]*kubernetes\.caFile/,
    });
  });
});
