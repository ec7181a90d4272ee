import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { DeclaredClient, introspect } from "../../support/hydra-client.ts";
import { People, newPerson } from "../../support/people.ts";
import { register } from "../../support/sign-up.ts";
import {
  engineSucceeds,
  foundationOutputs,
  iamOutputs,
  Kubectl,
  ensureSandboxIsUp,
  type Iam,
} from "../../support/sandbox.ts";
import { asDeployer, type VaultClient } from "../../support/vault.ts";
import { Web } from "../../support/web.ts";

const applications = ["hydra", "kratos"] as const;
const operator = "vault-secrets-operator-system";
const inPostgres = ["-n", "iam", "exec", "postgres-1", "-c", "postgres", "--"] as const;

/** Lease of a database user in this test. The new user comes after two thirds. In the last third, both users are valid. */
const leaseSeconds = 110;

/** Repeats an action with some workers at the same time, at least `minimum` times and until `isOver` returns true. */
async function load(action: () => Promise<unknown>, minimum: number, workers: number, isOver: () => boolean) {
  let count = 0;
  const failures: string[] = [];
  const worker = async (): Promise<void> => {
    while (count < minimum || !isOver()) {
      await action().catch((error: unknown) => failures.push(String(error)));
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return { count, failures };
}

describe("rotation on the sandbox", function () {
  this.timeout(1_200_000);
  let web: Web;
  let iam: Iam;
  let kubectl: Kubectl;
  let deployer: VaultClient;
  let client: DeclaredClient;
  let people: People;
  const person = newPerson();

  const secret = async (name: string, key: string): Promise<string> => {
    const path = `jsonpath={.data.${key}}`;
    return Buffer.from(await kubectl.run("-n", "iam", "get", "secret", name, "-o", path), "base64").toString();
  };
  const waitForRollout = (deployment: string): Promise<string> =>
    kubectl.run("-n", "iam", "rollout", "status", `deployment/${deployment}`, "--timeout=180s");
  const changedSecret = async (name: string, key: string, before: string): Promise<string> =>
    eventually(`the key ${key} of the Secret ${name} has a new value`, 180, async () => {
      const now = await secret(name, key);
      assert.notEqual(now, before);
      return now;
    });

  before(async () => {
    await ensureSandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    iam = await iamOutputs();
    const { caCertificate } = await foundationOutputs();
    web = new Web(caCertificate);
    deployer = await asDeployer(kubectl, web, iam.vaultAddress);
    client = await DeclaredClient.deployed("e2e-load", kubectl, web, iam);
    people = new People(web, iam.signInUrl);
    await register(iam.signInUrl, caCertificate, person);
  });

  after(async () => {
    await engineSucceeds("up", "--yes", "--skip-preview");
    await web.close();
  });

  it("of database users fails none of 500 token requests and 200 sign-ins", async () => {
    const roles = await Promise.all(applications.map((name) => deployer.requestData(`database/roles/iam-${name}`)));
    const setLease = (ttl: (index: number) => unknown): Promise<unknown> =>
      Promise.all(
        applications.map((name, index) =>
          deployer.requestData(`database/roles/iam-${name}`, {
            json: { ...roles[index], default_ttl: ttl(index), max_ttl: ttl(index) },
          }),
        ),
      );
    const users = (): Promise<string[]> =>
      Promise.all(applications.map((name) => secret(`${name}-database`, "username")));
    const nextUsers = (before: readonly string[]): Promise<string[]> =>
      eventually("each application has a new database user", leaseSeconds + 60, async () => {
        const now = await users();
        assert(now.every((user, index) => user !== before[index]));
        return now;
      });
    /** Kubelet updates the Secret in a pod within 90 seconds. It updates it at once when the pod itself changes. */
    const updatePods = (): Promise<unknown> => {
      const pods = `bibind.com/application in (${applications.join()})`;
      return kubectl.run("-n", "iam", "annotate", "pods", "-l", pods, `bibind.com/test=${Date.now()}`, "--overwrite");
    };
    const waitUntilDropped = (names: readonly string[]): Promise<unknown> =>
      eventually("the previous database users are dropped", leaseSeconds, async () => {
        const known = await kubectl.run(...inPostgres, "psql", "-qAtc", "SELECT rolname FROM pg_roles");
        assert(names.every((name) => !known.includes(name)));
      });
    const before = await users();
    try {
      await setLease(() => leaseSeconds);
      // After a restart, the operator logs in again and leases new users with this login.
      await kubectl.run("-n", operator, "rollout", "restart", "deployment");
      const first = await nextUsers(before);
      let isOver = false;
      const rotation = (async () => {
        await nextUsers(first);
        await updatePods();
        await waitUntilDropped(first);
      })().finally(() => {
        isOver = true;
      });
      const [tokens, signIns] = await Promise.all([
        load(
          () => client.token(),
          500,
          2,
          () => isOver,
        ),
        load(
          () => people.signIn(person),
          200,
          2,
          () => isOver,
        ),
        rotation,
      ]);
      assert.deepEqual([tokens.failures, signIns.failures], [[], []]);
      assert(tokens.count >= 500 && signIns.count >= 200);
    } finally {
      await setLease((index) => roles[index]?.["default_ttl"]);
    }
  });

  it("of the keys of Hydra and Kratos puts the new value first, and keeps tokens and sessions valid", async () => {
    const token = await client.token();
    const session = await people.signIn(person);
    for (const [name, keys] of [
      ["hydra", ["secretsSystem", "secretsCookie"]],
      ["kratos", ["secretsDefault", "secretsCookie", "secretsCipher"]],
    ] as const) {
      const before = await Promise.all(keys.map((key) => secret(`${name}-keys`, key)));
      const job = `e2e-${name}-keyring`;
      await kubectl.run("-n", "iam", "create", "job", job, `--from=cronjob/${name}-keyring`);
      await kubectl.run("-n", "iam", "wait", `job/${job}`, "--for=condition=complete", "--timeout=120s");
      for (const [index, key] of keys.entries()) {
        const now = (await changedSecret(`${name}-keys`, key, before[index] ?? "")).split(",");
        const previous = (before[index] ?? "").split(",");
        assert(!previous.includes(now[0] ?? ""), "the first value is not new");
        assert.deepEqual(now.slice(1), previous.slice(0, now.length - 1), "the previous values changed their order");
      }
      await kubectl.run("-n", "iam", "delete", "job", job);
      await waitForRollout(name);
    }
    assert.equal((await introspect(kubectl, token)).active, true);
    assert.equal(await people.signedInAs(session), person.email);
    await people.signIn(person);
    await client.token();
  });
});
