import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { execa } from "execa";
import { pino } from "pino";
import { watchCertificate, tlsPair } from "../../../../../services/identity/pages/tls.ts";
import { eventually } from "../../../../support/eventually.ts";

describe("the certificate of the pages", () => {
  let folder: string;
  let server: Server;
  let port: number;
  let stop: () => void;
  const warnings: string[] = [];
  const files = () => ({ certFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") });

  /** Creates a certificate and key in files of this name. */
  async function certificate(name: string): Promise<void> {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const out = ["-keyout", join(folder, `${name}.key`), "-out", join(folder, `${name}.crt`)];
    await execa("openssl", ["req", "-x509", ...key, "-subj", `/CN=${name}`, ...out]);
  }

  async function shownName(): Promise<string> {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const name = socket.getPeerX509Certificate()?.subject ?? "";
    socket.destroy();
    return name;
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-tls-"));
    await Promise.all(["tls", "second"].map(certificate));
    server = createServer(await tlsPair(files())).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
    stop = watchCertificate(server, files(), pino({ level: "warn" }, { write: (line) => warnings.push(line) }), 20);
  });

  after(async () => {
    stop();
    server.close();
    await rm(folder, { recursive: true });
  });

  it("is the new one soon after both files change, and the previous one until then", async () => {
    assert.equal(await shownName(), "CN=tls");
    await copyFile(join(folder, "second.crt"), files().certFile);
    await eventually("the server finds that certificate and key do not match", 50, () => {
      assert.match(warnings.join(""), /the previous ones stay in use/);
      return Promise.resolve();
    });
    assert.equal(await shownName(), "CN=tls");
    await copyFile(join(folder, "second.key"), files().keyFile);
    await eventually("the new certificate is shown", 50, async () => {
      assert.equal(await shownName(), "CN=second");
    });
  });

  it("must match its key when the pages start", async () => {
    await certificate("third");
    const mismatch = { ...files(), keyFile: join(folder, "third.key") };
    await assert.rejects(tlsPair(mismatch), { name: "OperatorError", message: /key values mismatch/ });
  });

  it("must exist when the pages start", async () => {
    const missing = { ...files(), keyFile: "/nowhere/tls.key" };
    await assert.rejects(tlsPair(missing), { name: "OperatorError", message: /\/nowhere\/tls\.key cannot be read/ });
  });
});
