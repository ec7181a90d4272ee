import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { VaultCore } from "../../../components/vault/core.ts";
import { httpExchange } from "../../../sandbox/toolchain/plugins/vault/server/http.ts";
import type { Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import type { TestVault } from "../../integration/toolchain/vault/openbao.ts";
import { adminOf, startPlatformServer } from "../../integration/vault/platform.ts";
import { record, secretValue } from "../../support/mocks.ts";

const quota = z.object({ path: z.string(), rate: z.number(), interval: z.number() });

/** Writes the quotas of VaultCore. @returns the highest rate at which a client may sign in */
async function limitRequests(vault: Vault): Promise<number> {
  const recording = await record(() => new VaultCore("core", { domain: "bibind.test" }, {}));
  const rates = new Map<string, number>();
  for (const name of ["core-quota-sign-in", "core-quota-everything"]) {
    const { inputs } = recording.named(name);
    const data = quota.parse(JSON.parse(String(secretValue(inputs["dataJson"]))));
    await vault.post(String(inputs["path"]), data);
    rates.set(data.path, data.rate);
  }
  return rates.get("auth/oidc/") ?? 0;
}

describe("A caller without a token", function () {
  this.timeout(180_000);
  let server: TestVault;
  let send: ReturnType<typeof httpExchange>;
  let signInRate: number;

  before(async () => {
    server = await startPlatformServer();
    const vault = await adminOf(server);
    await vault.post("sys/auth/oidc", { type: "oidc" });
    signInRate = await limitRequests(vault);
    const authorities = [await readFile(server.caCertFile, "utf8")];
    send = httpExchange({ address: server.address, authorities, verify: true, serverName: undefined });
  });

  after(() => server.remove());

  const authUrl = (body: object) =>
    send({ method: "POST", path: "auth/oidc/oidc/auth_url", headers: {}, body: JSON.stringify(body) });

  it("cannot make Vault work on more sign-ins than the limit", async () => {
    const attempts = Array.from({ length: signInRate * 6 }, () => authUrl({}).then(({ status }) => status));
    const statuses = await Promise.all(attempts);
    ok(statuses.includes(429), "no request was refused");
    ok(
      statuses.some((status) => status !== 429),
      "every request was refused",
    );
  });

  it("cannot send a large body", async () => {
    const { status } = await send({
      method: "POST",
      path: "sys/capabilities-self",
      headers: {},
      body: JSON.stringify({ paths: "x".repeat(2 * 1024 * 1024) }),
    });
    strictEqual(status, 413);
  });

  it("cannot take part in the rekeying or the making of a root token", async () => {
    const paths = ["sys/generate-root/attempt", "sys/rekey/init", "sys/rekey-recovery-key/init"];
    const statuses = await Promise.all(paths.map((path) => send({ method: "POST", path, headers: {}, body: "{}" })));
    deepStrictEqual(
      statuses.map(({ status }) => status < 400),
      [false, false, false],
    );
  });
});
