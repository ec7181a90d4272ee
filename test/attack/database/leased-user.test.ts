import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import type { PostgresLogin, TestPostgres } from "../../integration/toolchain/vault/postgres.ts";
import { startDatabasePlatform, type DatabasePlatform } from "./platform.ts";

/** The attacker owns an application, so he has its user. He wants to keep his access after the end of the lease. */
describe("A leased database user", function () {
  this.timeout(180_000);
  let platform: DatabasePlatform;
  let postgres: TestPostgres;
  let attacker: PostgresLogin & { readonly user: string };

  const as = (statement: string) => postgres.sql(statement, attacker);
  const inHydra = (statement: string) =>
    postgres.sql(statement, { user: postgres.user, password: postgres.password, database: "hydra" });
  const roles = async () => (await postgres.sql("SELECT rolname FROM pg_roles")).split("\n");
  const sessions = () => postgres.sql(`SELECT count(*) FROM pg_stat_activity WHERE usename = '${attacker.user}'`);

  before(async () => {
    platform = await startDatabasePlatform();
    ({ postgres } = platform);
  });

  after(() => platform.remove());

  beforeEach(async () => {
    attacker = await platform.lease("hydra");
  });

  async function ends(): Promise<void> {
    await platform.revoke("hydra");
    ok(!(await roles()).includes(attacker.user), "the role is still there");
    await rejects(as("SELECT 1"));
  }

  it("does not stay because it owns a table, and the application keeps the table", async () => {
    await as("CREATE TABLE kept AS SELECT 42 AS answer");
    await ends();
    strictEqual(await inHydra("SELECT tableowner FROM pg_tables WHERE tablename = 'kept'"), "hydra");
    strictEqual(await inHydra("SELECT answer FROM kept"), "42");
  });

  it("does not stay because of rights that the owner of the database gave to it", async () => {
    await as(`SET ROLE hydra;
      CREATE TABLE shared (); CREATE SCHEMA attic;
      GRANT SELECT ON shared TO "${attacker.user}"; GRANT ALL ON DATABASE hydra TO "${attacker.user}";
      ALTER DEFAULT PRIVILEGES IN SCHEMA attic GRANT ALL ON TABLES TO "${attacker.user}";
      ALTER TABLE shared ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON shared TO "${attacker.user}"`);
    await ends();
  });

  it("loses its open sessions, also those that act as the owner", async () => {
    const ended = rejects(as("SET ROLE hydra; SELECT pg_sleep(600)"), /terminating connection/);
    await eventually("the session is open", 30, async () => strictEqual(await sessions(), "1"));
    await ends();
    await ended;
    strictEqual(await sessions(), "0");
  });

  it("cannot set a password that outlives the lease", async () => {
    const until = () => postgres.sql(`SELECT rolvaliduntil FROM pg_roles WHERE rolname = '${attacker.user}'`);
    const before = await until();
    const seconds = await postgres.sql(`SELECT extract(epoch FROM '${before}'::timestamptz - now())::int`);
    ok(Number(seconds) > 3500 && Number(seconds) <= 3605, seconds);
    await as("ALTER ROLE CURRENT_USER PASSWORD 'his-own'");
    attacker = { ...attacker, password: "his-own" };
    await rejects(as(`ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'`), /permission denied|must be superuser/);
    strictEqual(await until(), before);
    await ends();
  });

  it("connects for as long as its lease lives, also when other settings lengthen it", async () => {
    await platform.renew("hydra", 7200);
    const seconds = `SELECT extract(epoch FROM rolvaliduntil - now())::int FROM pg_roles WHERE rolname = '${attacker.user}'`;
    ok(Number(await postgres.sql(seconds)) > 7000);
    await ends();
  });

  it("cannot keep the superuser out of the database by its settings", async () => {
    await as(`CREATE TABLE left_behind ();
      SET ROLE hydra;
      ALTER DATABASE hydra SET default_transaction_read_only = on;
      ALTER DATABASE hydra SET role = hydra;
      ALTER DATABASE hydra SET search_path = public, pg_catalog;
      ALTER DATABASE hydra CONNECTION LIMIT 0`);
    await ends();
    await postgres.sql("ALTER DATABASE hydra RESET ALL");
    await postgres.sql("ALTER DATABASE hydra CONNECTION LIMIT -1");
  });

  it("cannot keep the superuser out by closing the database", async () => {
    const close = "SET ROLE hydra; ALTER DATABASE hydra ALLOW_CONNECTIONS false";
    await rejects(as(close), /cannot disallow connections for current database/);
    await ends();
  });

  it("has no access any more even when its objects cannot be dropped now", async () => {
    await as("CREATE TABLE locked (); GRANT ALL ON locked TO hydra");
    const other = await platform.lease("hydra");
    const lock = postgres.sql("SET ROLE hydra; BEGIN; LOCK TABLE locked; SELECT pg_sleep(600)", other);
    const ended = rejects(lock);
    const locked = "SELECT count(*) FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock'";
    await eventually("the table is locked", 30, async () => ok(Number(await inHydra(locked)) > 0));
    const drop = `SELECT leases.drop_user('${attacker.user}')`;
    const login = { user: postgres.user, password: postgres.password, database: "vault" };
    await rejects(postgres.sql(drop, login), /lock timeout/);
    await rejects(as("SELECT 1"), /not permitted to log in|password authentication failed/);
    await postgres.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${other.user}'`);
    await ended;
    await ends();
  });

  it("reaches the database of its application only, over TLS only", async () => {
    strictEqual(await as("SELECT current_database()"), "hydra");
    for (const database of ["kratos", "vault", "postgres", "template1"]) {
      await rejects(postgres.sql("SELECT 1", { ...attacker, database }), /pg_hba.conf rejects connection/);
    }
    await rejects(postgres.sql("SELECT 1", { ...attacker, sslmode: "disable" }), /pg_hba.conf rejects connection/);
    await ends();
  });

  it("is made by Vault alone, and Vault drops no other user", async () => {
    await rejects(as("SELECT leases.drop_user('vault')"), /schema "leases" does not exist/);
    const vault = { user: "vault", password: "never-log-this-vault", database: "vault" };
    for (const name of ["owner", "hydra", "vault"]) {
      await postgres.sql(`SELECT leases.drop_user('${name}')`, vault);
    }
    const known = await roles();
    deepStrictEqual(
      ["owner", "hydra", "vault"].filter((name) => !known.includes(name)),
      [],
    );
    await rejects(
      postgres.sql("SELECT leases.create_user('rogue', 'x', 'owner', now())", vault),
      /may make no user for owner/,
    );
    await rejects(postgres.sql("SELECT dblink.dblink('', '')", vault), /permission denied for schema dblink/);
    await rejects(postgres.sql("DROP FUNCTION leases.drop_user(name)", vault), /permission denied|must be owner/);
    await ends();
  });
});
