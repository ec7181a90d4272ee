import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import type { Fetch } from "../../../../../services/identity/network/retrying-fetch.ts";
import { Vault } from "../../../../../services/identity/vault/vault.ts";

describe("a login to Vault", () => {
  let folder: string;
  let tokenFile: string;
  /** Each request: method, path and token. */
  let requests: string[];
  /** Lease of the tokens that Vault gives, in seconds. */
  let lease: number;
  /** Tokens that Vault does not accept. */
  let revoked: Set<string>;

  const fetch: Fetch = (url, { method = "", headers } = {}) => {
    const path = new URL(url).pathname.replace("/v1/", "");
    const token = new Headers(headers).get("x-vault-token") ?? "no token";
    requests.push(`${method} ${path} ${token}`);
    if (path === "auth/kubernetes/login") {
      const logins = requests.filter((request) => request.includes("/login")).length;
      return Promise.resolve(Response.json({ auth: { client_token: `token-${logins}`, lease_duration: lease } }));
    }
    return Promise.resolve(
      revoked.has(token)
        ? Response.json({ errors: ["permission denied"] }, { status: 403 })
        : new Response(null, { status: 204 }),
    );
  };
  const open = (): Vault => {
    const settings = { address: "https://vault.test", role: "clients", authMount: "kubernetes", kvMount: "kv" };
    return new Vault({ ...settings, tokenFile }, fetch);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-vault-login-"));
    tokenFile = join(folder, "token");
    await writeFile(tokenFile, "the-token\n");
  });

  after(() => rm(folder, { recursive: true }));

  beforeEach(() => {
    requests = [];
    lease = 600;
    revoked = new Set();
  });

  afterEach(() => mock.timers.reset());

  it("happens once for requests within its lease", async () => {
    const vault = open();
    await vault.remove("a");
    await vault.remove("b");
    assert.deepEqual(requests, [
      "POST auth/kubernetes/login no token",
      "DELETE kv/metadata/a token-1",
      "DELETE kv/metadata/b token-1",
    ]);
  });

  it("happens again before its lease ends", async () => {
    mock.timers.enable({ apis: ["Date"], now: 0 });
    const vault = open();
    await vault.remove("a");
    mock.timers.setTime(lease * 1000 - 1);
    await vault.remove("b");
    assert.deepEqual(requests.slice(2), ["POST auth/kubernetes/login no token", "DELETE kv/metadata/b token-2"]);
  });

  it("does not happen again when its lease has no end", async () => {
    lease = 0;
    mock.timers.enable({ apis: ["Date"], now: 0 });
    const vault = open();
    await vault.remove("a");
    mock.timers.setTime(1_000_000_000);
    await vault.remove("b");
    assert.equal(requests.at(-1), "DELETE kv/metadata/b token-1");
  });

  it("happens again when Vault refuses the token, and the request is sent again", async () => {
    const vault = open();
    await vault.remove("a");
    revoked.add("token-1");
    await vault.remove("b");
    assert.equal(requests.at(-1), "DELETE kv/metadata/b token-2");
  });

  it("does not help when the policy refuses the request", async () => {
    revoked = new Set(["token-1", "token-2"]);
    await assert.rejects(open().remove("a"), {
      name: "OperatorError",
      message: /Vault refused DELETE kv\/metadata\/a \(403\)[\s\S]*policy of role clients/,
    });
    assert.equal(requests.length, 4);
  });
});
