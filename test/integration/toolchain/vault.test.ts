import { readFile } from "node:fs/promises";
import { VaultPlugin } from "../../../sandbox/toolchain/plugins/vault/plugin.ts";
import { vaultSession } from "../../../sandbox/toolchain/plugins/vault/server/session.ts";
import { vaultSettings } from "../../../sandbox/toolchain/plugins/vault/server/settings.ts";
import { databaseCases } from "./vault/database-cases.ts";
import { startIssuer, type TestIssuer } from "./vault/issuer.ts";
import { lifeOf, type Bench } from "./vault/life.ts";
import { mountCases } from "./vault/mount-cases.ts";
import { startVault, type TestVault } from "./vault/openbao.ts";
import { pkiCases } from "./vault/pki-cases.ts";
import { startPostgres, type TestPostgres } from "./vault/postgres.ts";
import { roleCases } from "./vault/role-cases.ts";
import { secretCases } from "./vault/secret-cases.ts";

describe("The vault plugin on a real OpenBao", function () {
  this.timeout(180_000);
  let server: TestVault | undefined;
  let postgres: TestPostgres | undefined;
  let issuer: TestIssuer | undefined;
  let bench: Bench;

  before(async () => {
    server = await startVault();
    postgres = await startPostgres();
    await postgres.sql("CREATE ROLE hydra LOGIN; CREATE ROLE kratos LOGIN");
    const { username, password } = server.admin;
    const authLoginUserpass = JSON.stringify({ username, password });
    const settings = { address: server.address, caCertFile: server.caCertFile, authLoginUserpass };
    const plugin = new VaultPlugin();
    await plugin.configure(settings);
    issuer = await startIssuer(server.folder);
    const places = {
      FOLDER: server.folder,
      ISSUER: issuer.url,
      AUTHORITY: await readFile(server.caCertFile, "utf8"),
      POSTGRESPORT: String(postgres.port),
      POSTGRESPASSWORD: postgres.password,
      POSTGRESTRUST: postgres.caCertFile,
    };
    bench = { plugin, places, vault: await vaultSession(vaultSettings(settings, {})) };
  });

  after(async () => {
    await server?.remove();
    await postgres?.remove();
    issuer?.close();
  });

  const database = () => {
    if (postgres === undefined) {
      throw new Error("PostgreSQL is not running");
    }
    return postgres;
  };
  const cases = [...mountCases, ...secretCases, ...databaseCases(database), ...roleCases, ...pkiCases];
  for (const each of cases) {
    describe(`${each.type} ${each.title ?? ""}`.trim(), () => lifeOf(each, () => bench));
  }
});
