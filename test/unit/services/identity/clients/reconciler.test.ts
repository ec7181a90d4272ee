import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { z } from "zod";
import { oauthClientSpec } from "../../../../../services/identity/clients/custom-resource.ts";
import { HydraClients } from "../../../../../services/identity/clients/hydra-clients.ts";
import { Reconciler } from "../../../../../services/identity/clients/reconciler.ts";
import { hydraAdmin } from "../../../../../services/identity/hydra/hydra.ts";
import type { Fetch } from "../../../../../services/identity/network/retrying-fetch.ts";
import { Vault } from "../../../../../services/identity/vault/vault.ts";

const owner = { namespace: "bibind", name: "odoo" };
const path = "/v1/kv/data/oauth/bibind/odoo";
const spec = (changes: object = {}) =>
  oauthClientSpec.parse({
    clientId: "odoo",
    name: "Odoo",
    grantTypes: ["client_credentials"],
    scopes: ["read"],
    ...changes,
  });

const written = z.object({
  data: z.object({ client_id: z.string(), client_secret: z.string(), generation: z.int() }),
  options: z.object({ cas: z.int() }),
});
const hydraClient = z.looseObject({ client_id: z.string(), client_secret: z.string().optional() });
type HydraClient = z.infer<typeof hydraClient>;
const parsed = <T>(schema: z.ZodType<T>, body: unknown): T => schema.parse(JSON.parse(z.string().parse(body)));

describe("the reconciler of a client", () => {
  let folder: string;
  let tokenFile: string;
  /** Latest version of the secret in Vault; undefined before the first one. `data` is null after a deletion. */
  let stored: { data: object | null; version: number } | undefined;
  let writes: z.infer<typeof written>[];
  let login: unknown;
  let clients: Map<string, HydraClient>;
  /** Each change in Hydra and each deletion in Vault. */
  let changes: string[];

  const vaultFetch: Fetch = (url, { method, body } = {}) => {
    const { pathname } = new URL(url);
    if (pathname === "/v1/auth/kubernetes/login") {
      login = parsed(z.unknown(), body);
      return Promise.resolve(Response.json({ auth: { client_token: "t", lease_duration: 0 } }));
    }
    if (method === "DELETE") {
      changes.push(`DELETE ${pathname}`);
      return Promise.resolve(new Response(null, { status: 204 }));
    }
    assert.equal(pathname, path);
    const metadata = (version: number) => ({ version, created_time: `time ${version}` });
    if (method === "POST") {
      const write = parsed(written, body);
      assert.equal(write.options.cas, stored?.version ?? 0);
      writes.push(write);
      stored = { data: write.data, version: (stored?.version ?? 0) + 1 };
      return Promise.resolve(Response.json({ data: metadata(stored.version) }));
    }
    if (stored === undefined) {
      return Promise.resolve(Response.json({ errors: [] }, { status: 404 }));
    }
    const status = stored.data === null ? 404 : 200;
    return Promise.resolve(
      Response.json({ data: { data: stored.data, metadata: metadata(stored.version) } }, { status }),
    );
  };

  const hydraFetch: Fetch = (url, { method = "GET", body } = {}) => {
    const id = /^\/admin\/clients\/(.+)$/.exec(new URL(url).pathname)?.[1];
    if (method === "GET") {
      const found = id === undefined ? [...clients.values()] : clients.get(id);
      return Promise.resolve(found === undefined ? Response.json({}, { status: 404 }) : Response.json(found));
    }
    if (method === "DELETE") {
      changes.push(`DELETE ${id ?? ""}`);
      clients.delete(id ?? "");
      return Promise.resolve(new Response(null, { status: 204 }));
    }
    const client = parsed(hydraClient, body);
    changes.push(`${method} ${client.client_id}`);
    clients.set(client.client_id, client);
    return Promise.resolve(Response.json(client, { status: method === "POST" ? 201 : 200 }));
  };

  const hydraSettings = { adminUrl: "https://hydra.test" };
  const hydra = new HydraClients(hydraAdmin(hydraSettings, hydraFetch), hydraSettings);

  function reconciler(): Reconciler {
    const settings = { address: "https://vault.test", role: "clients", authMount: "kubernetes", kvMount: "kv" };
    const vault = new Vault({ ...settings, tokenFile }, vaultFetch);
    return new Reconciler({ vault, hydra, log: pino({ enabled: false }) });
  }
  const reconcile = async (changed: object = {}): Promise<void> =>
    reconciler().reconcile(spec(changed), owner, await hydra.find("odoo"));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-reconciler-"));
    tokenFile = join(folder, "token");
    await writeFile(tokenFile, "the-token\n");
  });

  after(() => rm(folder, { recursive: true }));

  beforeEach(() => {
    stored = undefined;
    writes = [];
    clients = new Map();
    changes = [];
  });

  it("stores a new secret of 32 random bytes in Vault, and gives it to Hydra", async () => {
    await reconcile();
    assert.deepEqual(login, { role: "clients", jwt: "the-token" });
    const secret = writes[0]?.data.client_secret ?? "";
    assert.equal(Buffer.from(secret, "base64url").length, 32);
    assert.deepEqual(writes[0]?.data, { client_id: "odoo", client_secret: secret, generation: 1 });
    assert.deepEqual(changes, ["POST odoo"]);
    assert.equal(clients.get("odoo")?.client_secret, secret);
  });

  it("changes nothing when Vault and Hydra are up to date", async () => {
    await reconcile();
    await reconcile();
    assert.equal(writes.length, 1);
    assert.deepEqual(changes, ["POST odoo"]);
  });

  it("changes a field in Hydra and keeps the secret", async () => {
    await reconcile();
    await reconcile({ scopes: ["read", "write"] });
    assert.equal(writes.length, 1);
    assert.deepEqual(changes, ["POST odoo", "PUT odoo"]);
    assert.equal(clients.get("odoo")?.client_secret, undefined);
    assert.equal(clients.get("odoo")?.["scope"], "read write");
  });

  it("makes another secret for a greater generation only", async () => {
    await reconcile({ secretGeneration: 2 });
    await reconcile({ secretGeneration: 1 });
    assert.equal(writes.length, 1);
    await reconcile({ secretGeneration: 3 });
    const [first, second] = writes.map(({ data }) => data.client_secret);
    assert.notEqual(first, second);
    assert.equal(clients.get("odoo")?.client_secret, second);
  });

  it("gives Hydra the secret of Vault again when Hydra has an older one", async () => {
    await reconcile();
    stored = { data: { client_id: "odoo", client_secret: "restored", generation: 1 }, version: 7 };
    await reconcile();
    assert.equal(clients.get("odoo")?.client_secret, "restored");
    assert.equal(writes.length, 1);
  });

  it("makes a new secret after the deletion of the stored one", async () => {
    stored = { data: null, version: 4 };
    await reconcile();
    assert.equal(writes[0]?.options.cas, 4);
  });

  it("refuses a stored secret that is empty or of another form", async () => {
    for (const data of [{ client_id: "odoo", client_secret: "", generation: 1 }, { other: "value" }]) {
      stored = { data, version: 1 };
      await assert.rejects(reconcile(), {
        name: "OperatorError",
        message: /something other than the secret of the client odoo/,
      });
    }
    assert.deepEqual([writes, changes], [[], []]);
  });

  it("makes no secret for a public client", async () => {
    await reconcile({
      grantTypes: ["authorization_code"],
      responseTypes: ["code"],
      redirectUris: ["https://odoo.test/"],
      tokenEndpointAuthMethod: "none",
    });
    assert.deepEqual(writes, []);
    assert.equal(clients.get("odoo")?.client_secret, undefined);
  });

  it("deletes a client and its secret, and none that another OAuthClient owns", async () => {
    await reconcile();
    changes = [];
    await reconciler().remove("odoo", { namespace: "bibind", name: "other" });
    assert.deepEqual(changes, []);
    await reconciler().remove("odoo", owner);
    assert.deepEqual(changes, ["DELETE odoo", "DELETE /v1/kv/metadata/oauth/bibind/odoo"]);
  });

  it("deletes the secret of a client that Hydra does not have", async () => {
    await reconciler().remove("odoo", owner);
    assert.deepEqual(changes, ["DELETE /v1/kv/metadata/oauth/bibind/odoo"]);
  });

  it("deletes undeclared clients, with the secret of those that an OAuthClient owned", async () => {
    await reconcile();
    clients.set("by-hand", { client_id: "by-hand" }).set("declared", { client_id: "declared" });
    changes = [];
    assert.equal((await reconciler().removeUndeclared(() => Promise.resolve(new Set(["declared"])))).size, 0);
    assert.deepEqual(changes, ["DELETE /v1/kv/metadata/oauth/bibind/odoo", "DELETE odoo", "DELETE by-hand"]);
  });
});
