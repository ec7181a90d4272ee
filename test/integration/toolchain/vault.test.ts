import { VaultPlugin } from "../../../sandbox/toolchain/plugins/vault/plugin.ts";
import { vaultSession } from "../../../sandbox/toolchain/plugins/vault/server/session.ts";
import { vaultSettings } from "../../../sandbox/toolchain/plugins/vault/server/settings.ts";
import { databaseCases } from "./vault/database-cases.ts";
import { testLifecycle, type Environment } from "./vault/lifecycle.ts";
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
  let environment: Environment;

  before(async () => {
    server = await startVault();
    postgres = await startPostgres();
    const { username, password } = server.admin;
    const authLoginUserpass = JSON.stringify({ username, password });
    const settings = { address: server.address, caCertFile: server.caCertFile, authLoginUserpass };
    const plugin = new VaultPlugin();
    plugin.configure(settings);
    const placeholders = {
      POSTGRESPORT: String(postgres.port),
      POSTGRESPASSWORD: postgres.password,
      POSTGRESTRUST: postgres.caCertFile,
    };
    environment = { plugin, placeholders, vault: await vaultSession(vaultSettings(settings, {})) };
  });

  after(async () => {
    await server?.remove();
    await postgres?.remove();
  });

  const database = () => {
    if (postgres === undefined) {
      throw new Error("PostgreSQL is not running");
    }
    return postgres;
  };
  const cases = [...mountCases, ...secretCases, ...databaseCases(database), ...roleCases, ...pkiCases];
  for (const each of cases) {
    describe(`${each.type} ${each.title ?? ""}`.trim(), () => testLifecycle(each, () => environment));
  }
});
