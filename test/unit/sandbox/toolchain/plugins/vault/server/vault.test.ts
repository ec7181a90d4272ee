import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { HttpAnswer, HttpRequest } from "../../../../../../../sandbox/toolchain/plugins/vault/server/http.ts";
import { Vault } from "../../../../../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { TestClock } from "../../../../../../support/test-clock.ts";

type Reply = HttpAnswer | Error;

const failure = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
const answer = (status: number, body: unknown = {}): HttpAnswer => ({ status, body: JSON.stringify(body) });
const data = answer(200, { data: { found: true } });

/** A server that gives these replies in order, and the last one to every further request. */
function server(...replies: readonly Reply[]) {
  const requests: HttpRequest[] = [];
  const exchange = (request: HttpRequest): Promise<HttpAnswer> => {
    requests.push(request);
    const reply = replies[Math.min(requests.length, replies.length) - 1] ?? new Error("no reply");
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
  };
  const vault = new Vault({ address: "https://v", namespace: "root", exchange, retrySeconds: 0.5 });
  return { vault, requests };
}

describe("Vault's API", () => {
  let clock: TestClock;
  beforeEach(() => {
    clock = new TestClock();
  });
  afterEach(() => clock.stop());

  for (const [what, reply] of [
    ["a lost connection", failure("ECONNRESET")],
    ["a refused connection", failure("ECONNREFUSED")],
    ["too many requests", answer(429)],
    ["a standby without a leader", answer(503, { errors: ["no leader"] })],
    ["a standby that does not reach the leader yet", { status: 307, body: "" }],
    [
      "a server that is becoming the leader",
      answer(500, { errors: ["local node not active but active cluster node not found"] }),
    ],
    [
      "a database that Vault cannot reach yet",
      answer(400, {
        errors: ["error verifying connection: dial error: dial tcp 10.0.0.1:5432: connect: connection refused"],
      }),
    ],
    [
      "a KV engine that is being upgraded",
      answer(400, { errors: ["Upgrading from non-versioned to versioned data."] }),
    ],
  ] as const) {
    it(`is retried after ${what}`, async () => {
      const { vault, requests } = server(reply, reply, data);
      deepStrictEqual(await vault.get("a/b"), { found: true });
      strictEqual(requests.length, 3);
      deepStrictEqual(clock.pauses, [100, 200]);
    });
  }

  it("does not repeat a request with `once` that may have arrived", async () => {
    const lost = server(failure("ECONNRESET"), data);
    await rejects(lost.vault.post("pki/root", {}, { once: true }), /cannot be reached/);
    strictEqual(lost.requests.length, 1);
    const refused = server(failure("ECONNREFUSED"), data);
    await refused.vault.post("pki/root", {}, { once: true });
    strictEqual(refused.requests.length, 2);
  });

  it("stops retrying after its time limit", async () => {
    const { vault } = server(failure("ECONNREFUSED"));
    await rejects(vault.get("a"), { name: "OperatorError", message: /Vault cannot be reached: connect ECONNREFUSED/ });
    deepStrictEqual(clock.pauses, [100, 200]);
  });

  it("reports a standby that does not reach the leader until the end", async () => {
    const standby = server({ status: 307, body: "" });
    await rejects(standby.vault.post("auth/jwt/login", {}), {
      name: "OperatorError",
      message: /is a standby of Vault, and does not reach the active server[^]*https:\/\/v[^]*cluster_addr/,
    });
  });

  it("distinguishes a sealed server from one that is not initialised", async () => {
    const sealed = answer(503, { errors: ["Vault is sealed"], initialized: true, sealed: true });
    await rejects(server(sealed).vault.get("a"), /Vault is sealed/);
    const fresh = answer(503, { errors: [], initialized: false, sealed: true });
    await rejects(server(fresh).vault.get("a"), /Vault is not initialised/);
  });

  it("returns nothing for a missing object or engine, and fails only for a write", async () => {
    const missing = answer(404, { errors: ['no handler for route "a/b"'] });
    strictEqual(await server(missing).vault.get("a/b"), undefined);
    await server(missing).vault.delete("a/b");
    await rejects(server(missing).vault.post("a/b", {}), /refused POST a\/b \(404\): no handler/);
  });

  it("treats the namespace of an object as relative to the provider's", async () => {
    const { vault, requests } = server(data);
    await vault.for("/team/", () => undefined).get("a");
    await vault.for(undefined, () => undefined).get("a");
    deepStrictEqual(
      requests.map(({ headers }) => headers["x-vault-namespace"]),
      ["root/team", "root"],
    );
  });

  it("reports Vault's warnings", async () => {
    const warnings: string[] = [];
    const { vault } = server(answer(200, { warnings: ["Endpoint ignored these unrecognized parameters: [x]"] }));
    await vault.for(undefined, (warning) => warnings.push(warning)).post("a", { x: 1 });
    deepStrictEqual(warnings, ["Endpoint ignored these unrecognized parameters: [x]"]);
  });

  it("shows each error of Vault on one line", async () => {
    const { vault } = server(answer(400, { errors: ["2 errors occurred:\n\t* one\n\t* two\n\n"] }));
    await rejects(vault.get("a"), /\(400\): one two\n/);
  });
});
