import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { VaultCore, passwordPolicy, postgresConnection } from "../../../../components/vault/core.ts";
import { authMethods, engines } from "../../../../components/vault/mounts.ts";
import { peopleRoles } from "../../../../components/vault/people.ts";
import { auditorPolicy, developerPolicy, operatorPolicy } from "../../../../components/vault/policies/people.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { namesBehind, record, secretValue } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const recorded = () =>
  record(() => {
    const postgres = {
      host: pulumi.output("postgres-rw.iam.svc"),
      database: "vault",
      username: "vault",
      password: pulumi.secret("PASSWORD"),
    };
    return new VaultCore("core", { domain: "bibind.test", postgres, caCertificate: "THE CA" }, {});
  });

describe("VaultCore", () => {
  it("mounts every engine of the platform where everybody looks for it", async () => {
    const mounts = (await recorded()).ofType("vault:index/mount:Mount");
    const found = Object.fromEntries(mounts.map(({ inputs }) => [String(inputs["path"]), inputs["type"]]));
    assert.deepEqual(found, { kv: "kv", transit: "transit", database: "database", pki: "pki" });
    assert.deepEqual(Object.keys(found).sort(), Object.values(engines).toSorted());
    assert.deepEqual((await recorded()).named("core-engine-kv").inputs["options"], { version: "2" });
  });

  it("enables every auth method but that of Kubernetes, which was there before it", async () => {
    const backends = (await recorded()).ofType("vault:index/authBackend:AuthBackend");
    const paths = backends.map(({ inputs }) => String(inputs["path"])).sort();
    assert.deepEqual(
      paths,
      Object.values(authMethods)
        .filter((path) => path !== authMethods.kubernetes)
        .toSorted(),
    );
  });

  it("writes the policy of each role of people", async () => {
    const recording = await recorded();
    const texts = { operator: operatorPolicy, auditor: auditorPolicy, developer: developerPolicy };
    for (const role of peopleRoles) {
      assert.deepEqual(recording.named(`core-policy-${role}`).inputs, { name: role, policy: texts[role] });
    }
  });

  it("reaches PostgreSQL over TLS that is checked, with the password as a secret and out of the URL", async () => {
    const { inputs } = (await recorded()).named("core-postgres");
    const given = secretValue(inputs["postgresql"]);
    assert.equal(
      valueAt(given, ["connectionUrl"]),
      "postgresql://{{username}}:{{password}}@postgres-rw.iam.svc:5432/vault?sslmode=verify-full",
    );
    assert.equal(valueAt(given, ["tlsCa"]), "THE CA");
    assert.equal(valueAt(given, ["password"]), "PASSWORD");
  });

  it("sends PostgreSQL hashes of passwords that the password policy makes", async () => {
    const recording = await recorded();
    const { inputs, uses } = recording.named("core-postgres");
    assert.equal(valueAt(secretValue(inputs["postgresql"]), ["passwordAuthentication"]), "scram-sha-256");
    assert.equal(inputs["passwordPolicy"], passwordPolicy);
    assert(uses.includes("core-passwords"));
  });

  it("makes passwords that stand in a URL as they are, and that nobody guesses", async () => {
    const { inputs } = (await recorded()).named("core-passwords");
    const data = secretValue(inputs["dataJson"]);
    const rule = String(valueAt(JSON.parse(String(data)), ["policy"]));
    const charset = /charset = "(.*)"/.exec(rule)?.[1] ?? "";
    assert.equal(encodeURIComponent(charset), charset);
    assert.equal(new Set(charset).size, 62);
    const length = Number(/^length = (\d+)$/m.exec(rule)?.[1]);
    assert(length * Math.log2(62) > 200);
  });

  it("lets no role but those of its own layer use the connection", async () => {
    const { inputs } = (await recorded()).named("core-postgres");
    assert.deepEqual(inputs["allowedRoles"], [`${postgresConnection}-*`]);
  });

  it("issues certificates below the domain alone, from a root whose key never leaves Vault", async () => {
    const recording = await recorded();
    assert.equal(recording.named("core-pki-root").inputs["type"], "internal");
    const { inputs } = recording.named("core-pki-role");
    assert.deepEqual(inputs["allowedDomains"], ["bibind.test"]);
    assert.equal(inputs["allowSubdomains"], true);
    assert.notEqual(inputs["allowAnyName"], true);
    assert.equal(inputs["issuerRef"], "core-pki-root-issuer");
  });

  it("is ready when everything that it configures is there, and says no sooner which connection works", async () => {
    const recording = await recorded();
    assert.equal(await settled(recording.result.ready), true);
    const behind = await namesBehind(recording.result.ready);
    const last = recording.resources.filter(({ custom, name }) => {
      const isUsed = recording.resources.some(({ uses }) => uses.includes(name));
      return custom && !isUsed;
    });
    assert(last.length > 8);
    assert.deepEqual(
      last.map(({ name }) => name).filter((name) => !behind.includes(name)),
      [],
    );
    assert((await namesBehind(recording.result.databaseConnection)).includes("core-postgres"));
  });

  it("tells the accessor of the method by which people sign in", async () => {
    assert.equal(await settled((await recorded()).result.peopleAccessor), "core-auth-people-accessor");
  });
});
