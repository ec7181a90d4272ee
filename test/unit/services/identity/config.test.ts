import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientsConfig } from "../../../../services/identity/clients/command.ts";
import { loadConfig } from "../../../../services/identity/config.ts";
import { keyringConfig } from "../../../../services/identity/keyring/command.ts";
import { pagesConfig } from "../../../../services/identity/pages/config.ts";

const vault = { address: "https://vault.iam.svc:8200", role: "reconciler", tokenFile: "/run/token" };
const hydra = { adminUrl: "https://hydra-admin.iam.svc:4445" };
const client = {
  clientId: "odoo",
  name: "Odoo",
  grantTypes: ["authorization_code"],
  responseTypes: ["code"],
  redirectUris: ["https://odoo.bibind.test/callback"],
  scopes: ["openid"],
};
const pages = {
  publicUrl: "https://auth.bibind.test",
  kratos: { publicUrl: "https://kratos-public.iam.svc", adminUrl: "https://kratos-admin.iam.svc" },
  hydra,
  tls: { certFile: "/run/tls/tls.crt", keyFile: "/run/tls/tls.key" },
  cookieSecretFile: "/run/secrets/cookie",
  groups: { operator: ["ada@bibind.test"] },
};

describe("a command's configuration", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-config-"));
  });

  after(() => rm(folder, { recursive: true }));

  async function given(content: unknown): Promise<string> {
    const file = join(folder, "config.json");
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  it("is taken as it is written, with its defaults", async () => {
    const { vault: read, clients } = await loadConfig(await given({ hydra, vault, clients: [client] }), clientsConfig);
    assert.deepEqual([read.authMount, read.kvMount], ["kubernetes", "kv"]);
    assert.deepEqual(clients[0]?.secretGeneration, 1);
    assert.equal((await loadConfig(await given(pages), pagesConfig)).port, 8443);
    const keyring = { vault, path: "iam/hydra", keys: { secretsSystem: { length: 32 } } };
    assert.equal((await loadConfig(await given(keyring), keyringConfig)).keep, 3);
  });

  it("is refused with all its problems at once, each with its place", async () => {
    const wrong = {
      hydra: { adminUrl: "hydra" },
      vault: { ...vault, role: "", mount: "kv" },
      clients: [{ ...client, redirectUris: ["http://odoo.bibind.test/callback"] }],
    };
    const file = await given(wrong);
    await assert.rejects(loadConfig(file, clientsConfig), (error: Error) => {
      assert.equal(error.name, "OperatorError");
      assert.match(error.message, /4 problems/);
      assert.match(error.message, /hydra\.adminUrl: expected a URL/);
      assert.match(error.message, /vault\.role: expected the name of a role/);
      assert.match(error.message, /vault: Unrecognized key: "mount"/);
      assert.match(error.message, /clients\[0\]\.redirectUris\[0\]: a redirect URI begins with https/);
      assert.ok(error.message.includes(file));
      return true;
    });
  });

  for (const [what, content, message] of [
    [
      "two clients of one id",
      { hydra, vault, clients: [client, client] },
      /clients\[1\]\.clientId: odoo is declared twice/,
    ],
    [
      "a client that nobody can come back to",
      { hydra, vault, clients: [{ ...client, redirectUris: [] }] },
      /redirectUris: a client that signs people in needs at least one/,
    ],
    [
      "a way back after signing out that Hydra would refuse",
      { hydra, vault, clients: [{ ...client, postLogoutRedirectUris: ["https://other.bibind.test/"] }] },
      /postLogoutRedirectUris\[0\]: must have the scheme, host and port/,
    ],
  ] as const) {
    it(`with ${what} is refused`, async () => {
      await assert.rejects(loadConfig(await given(content), clientsConfig), { name: "OperatorError", message });
    });
  }

  it("of the pages is refused without https, or with what is no e-mail address among the roles", async () => {
    const wrong = { ...pages, publicUrl: "http://auth.bibind.test", groups: { operator: ["ada"], owner: [] } };
    await assert.rejects(loadConfig(await given(wrong), pagesConfig), (error: Error) => {
      assert.match(error.message, /publicUrl: expected a URL such as https/);
      assert.match(error.message, /groups\.operator\[0\]: expected an e-mail address/);
      assert.match(error.message, /groups: Unrecognized key: "owner"/);
      return true;
    });
  });

  it("that is no JSON, or not there, is refused with the file's name", async () => {
    const file = await given("{ clients: ");
    await assert.rejects(loadConfig(file, clientsConfig), { name: "OperatorError", message: /is not JSON/ });
    const nowhere = join(folder, "nowhere.json");
    await assert.rejects(loadConfig(nowhere, clientsConfig), (error: Error) => error.message.includes(nowhere));
  });
});
