import assert from "node:assert/strict";
import { VaultCore } from "../../../../components/vault/core.ts";
import { authMethods, engines } from "../../../../components/vault/mounts.ts";
import { peopleRoles } from "../../../../components/vault/people.ts";
import { auditorPolicy, developerPolicy, operatorPolicy } from "../../../../components/vault/policies/people.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { namesBehind, record, secretValue } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const recorded = () => record(() => new VaultCore("core", { domain: "bibind.test" }, {}));

describe("VaultCore", () => {
  it("mounts every engine of the platform at its path", async () => {
    const mounts = (await recorded()).ofType("vault:index/mount:Mount");
    const found = Object.fromEntries(mounts.map(({ inputs }) => [String(inputs["path"]), inputs["type"]]));
    assert.deepEqual(found, { kv: "kv", transit: "transit", database: "database", pki: "pki" });
    assert.deepEqual(Object.keys(found).sort(), Object.values(engines).toSorted());
    assert.deepEqual((await recorded()).named("core-engine-kv").inputs["options"], { version: "2" });
  });

  it("enables every auth method except that of Kubernetes, which exists since the first start", async () => {
    const backends = (await recorded()).ofType("vault:index/authBackend:AuthBackend");
    const paths = backends.map(({ inputs }) => String(inputs["path"])).sort();
    assert.deepEqual(
      paths,
      Object.values(authMethods)
        .filter((path) => path !== authMethods.kubernetes)
        .toSorted(),
    );
  });

  it("lists the auth method for people to those who are not signed in, and no other one", async () => {
    const backends = (await recorded()).ofType("vault:index/authBackend:AuthBackend");
    const listed = backends.filter(({ inputs }) => valueAt(inputs, ["tune", "listingVisibility"]) === "unauth");
    assert.deepEqual(
      listed.map(({ inputs }) => [inputs["path"], inputs["description"]]),
      [[authMethods.people, "Bibind account"]],
    );
  });

  it("writes the policy of each role of people", async () => {
    const recording = await recorded();
    const texts = { operator: operatorPolicy, auditor: auditorPolicy, developer: developerPolicy };
    for (const role of peopleRoles) {
      assert.deepEqual(recording.named(`core-policy-${role}`).inputs, { name: role, policy: texts[role] });
    }
  });

  it("names the CA for machines after the domain, as far as a certificate has place for it", async () => {
    const nameOf = async (domain: string): Promise<unknown> => {
      const recording = await record(() => new VaultCore("core", { domain }, {}));
      return recording.named("core-pki-root").inputs["commonName"];
    };
    assert.equal(await nameOf("bibind.test"), "Bibind machines (bibind.test)");
    const longest = `${"a".repeat(42)}.test`;
    assert.equal(await nameOf(longest), "Bibind machines");
    assert.equal(await nameOf(longest.slice(1)), `Bibind machines (${longest.slice(1)})`);
  });

  it("makes passwords that need no escape in a URL and that nobody can guess", async () => {
    const { inputs } = (await recorded()).named("core-passwords");
    const data = secretValue(inputs["dataJson"]);
    const rule = String(valueAt(JSON.parse(String(data)), ["policy"]));
    const charset = /charset = "(.*)"/.exec(rule)?.[1] ?? "";
    assert.equal(encodeURIComponent(charset), charset);
    assert.equal(new Set(charset).size, 62);
    const length = Number(/^length = (\d+)$/m.exec(rule)?.[1]);
    assert(length * Math.log2(62) > 200);
  });

  it("issues certificates for names below the domain only, from a root whose key never leaves Vault", async () => {
    const recording = await recorded();
    assert.equal(recording.named("core-pki-root").inputs["type"], "internal");
    const { inputs } = recording.named("core-pki-role");
    assert.deepEqual(inputs["allowedDomains"], ["bibind.test"]);
    assert.equal(inputs["allowSubdomains"], true);
    assert.notEqual(inputs["allowAnyName"], true);
    assert.equal(inputs["issuerRef"], "core-pki-root-issuer");
  });

  it("leaves the deployer's own policy to the first start and to operators", async () => {
    const policies = (await recorded()).ofType("vault:index/policy:Policy").map(({ inputs }) => inputs["name"]);
    assert.deepEqual(policies.toSorted(), peopleRoles.toSorted());
  });

  it("limits the requests of each client, more strictly where people sign in", async () => {
    const recording = await recorded();
    const [signIn, everything] = ["sign-in", "everything"].map((name) => {
      const { inputs } = recording.named(`core-quota-${name}`);
      assert.equal(inputs["path"], `sys/quotas/rate-limit/${name}`);
      const data: unknown = JSON.parse(String(secretValue(inputs["dataJson"])));
      return [valueAt(data, ["path"]), Number(valueAt(data, ["rate"]))] as const;
    });
    assert.deepEqual([signIn?.[0], everything?.[0]], ["auth/oidc/", ""]);
    assert(Number(signIn?.[1]) < Number(everything?.[1]));
  });

  it("is ready when everything that it configures exists", async () => {
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
  });

  it("gives the accessor of the auth method of people", async () => {
    assert.equal(await settled((await recorded()).result.peopleAccessor), "core-auth-people-accessor");
  });
});
