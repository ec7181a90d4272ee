import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { DeclaredClient, introspect } from "../../support/hydra-client.ts";
import { People, somebody } from "../../support/people.ts";
import {
  engineSucceeds,
  foundationOutputs,
  iamOutputs,
  Kubectl,
  sandboxIsUp,
  type Iam,
} from "../../support/sandbox.ts";
import { asDeployer, type VaultClient } from "../../support/vault.ts";
import { Web } from "../../support/web.ts";

const applications = ["hydra", "kratos"] as const;
const operator = "vault-secrets-operator-system";
const inPostgres = ["-n", "iam", "exec", "postgres-1", "-c", "postgres", "--"] as const;

/** Of a test's lease: the new user comes after two thirds of it, and in the last third both are good. */
const leaseSeconds = 110;

/** Does something again and again, a few at a time, until it was done often enough and `over` says so. */
async function load(what: () => Promise<unknown>, times: number, together: number, over: () => boolean) {
  let done = 0;
  const failures: string[] = [];
  const worker = async (): Promise<void> => {
    while (done < times || !over()) {
      await what().catch((error: unknown) => failures.push(String(error)));
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  return { done, failures };
}

describe("rotation on the sandbox", function () {
  this.timeout(1_200_000);
  let web: Web;
  let iam: Iam;
  let kubectl: Kubectl;
  let deployer: VaultClient;
  let client: DeclaredClient;
  let people: People;
  const person = somebody();

  const secret = async (name: string, key: string): Promise<string> => {
    const path = `jsonpath={.data.${key}}`;
    return Buffer.from(await kubectl.run("-n", "iam", "get", "secret", name, "-o", path), "base64").toString();
  };
  const rolledOut = (kind: string, name: string, namespace = "iam"): Promise<string> =>
    kubectl.run("-n", namespace, "rollout", "status", `${kind}/${name}`, "--timeout=180s");
  const changed = async (name: string, key: string, before: string): Promise<string> =>
    eventually(`${key} of ${name} is another`, 180, async () => {
      const now = await secret(name, key);
      assert.notEqual(now, before);
      return now;
    });

  before(async () => {
    await sandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    iam = await iamOutputs();
    web = new Web((await foundationOutputs()).caCertificate);
    deployer = await asDeployer(kubectl, web, iam.vaultAddress);
    client = await DeclaredClient.deployed("e2e-load", kubectl, web, iam);
    people = new People(web, iam.signInUrl);
    await people.register(person);
  });

  after(async () => {
    await engineSucceeds("up", "--yes", "--skip-preview");
    await web.close();
  });

  it("of the database users fails none of 500 token requests and 200 sign-ins", async () => {
    const roles = await Promise.all(applications.map((name) => deployer.must(`database/roles/iam-${name}`)));
    const lease = (ttl: (index: number) => unknown): Promise<unknown> =>
      Promise.all(
        applications.map((name, index) =>
          deployer.must(`database/roles/iam-${name}`, {
            json: { ...roles[index], default_ttl: ttl(index), max_ttl: ttl(index) },
          }),
        ),
      );
    const users = (): Promise<string[]> =>
      Promise.all(applications.map((name) => secret(`${name}-database`, "username")));
    const others = (before: readonly string[]): Promise<string[]> =>
      eventually("each application has another database user", leaseSeconds + 60, async () => {
        const now = await users();
        assert(now.every((user, index) => user !== before[index]));
        return now;
      });
    /** Kubelet brings a changed Secret within a minute and a half, and at once into a pod that was changed itself. */
    const arrive = (): Promise<unknown> => {
      const pods = `bibind.com/application in (${applications.join()})`;
      return kubectl.run("-n", "iam", "annotate", "pods", "-l", pods, `bibind.com/test=${Date.now()}`, "--overwrite");
    };
    const areGone = (names: readonly string[]): Promise<unknown> =>
      eventually("the former database users are dropped", leaseSeconds, async () => {
        const known = await kubectl.run(...inPostgres, "psql", "-qAtc", "SELECT rolname FROM pg_roles");
        assert(names.every((name) => !known.includes(name)));
      });
    const before = await users();
    try {
      await lease(() => leaseSeconds);
      // After a restart the operator logs in anew, and takes another user with the login.
      await kubectl.run("-n", operator, "rollout", "restart", "deployment");
      const first = await others(before);
      let rotated = false;
      const rotation = (async () => {
        await others(first);
        await arrive();
        await areGone(first);
        rotated = true;
      })();
      const [tokens, signIns] = await Promise.all([
        load(
          () => client.token(),
          500,
          2,
          () => rotated,
        ),
        load(
          () => people.signIn(person),
          200,
          2,
          () => rotated,
        ),
        rotation,
      ]);
      assert.deepEqual([tokens.failures, signIns.failures], [[], []]);
      assert(tokens.done >= 500 && signIns.done >= 200);
    } finally {
      await lease((index) => roles[index]?.["default_ttl"]);
    }
  });

  it("of Hydra's and Kratos' own secrets puts the new first, and keeps tokens and sessions good", async () => {
    const token = await client.token();
    const session = await people.signIn(person);
    const cookie = await people.signInByBrowser(person);
    for (const [name, keys] of [
      ["hydra", ["secretsSystem", "secretsCookie"]],
      ["kratos", ["secretsDefault", "secretsCookie", "secretsCipher"]],
    ] as const) {
      const before = await Promise.all(keys.map((key) => secret(`${name}-keys`, key)));
      const job = `e2e-${name}-keyring`;
      await kubectl.run("-n", "iam", "create", "job", job, `--from=cronjob/${name}-keyring`);
      await kubectl.run("-n", "iam", "wait", `job/${job}`, "--for=condition=complete", "--timeout=120s");
      for (const [index, key] of keys.entries()) {
        const now = (await changed(`${name}-keys`, key, before[index] ?? "")).split(",");
        const former = (before[index] ?? "").split(",");
        assert(!former.includes(now[0] ?? ""), "the first is not new");
        assert.deepEqual(now.slice(1), former.slice(0, now.length - 1), "the former are not kept in their order");
      }
      await kubectl.run("-n", "iam", "delete", "job", job);
      await rolledOut("deployment", name);
    }
    assert.equal((await introspect(kubectl, token)).active, true);
    assert.equal((await people.whoami(session)).active, true);
    assert.equal((await people.whoamiByBrowser(cookie)).active, true);
    await people.signIn(person);
    await client.token();
  });
});
