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
const kubernetes = { tokenFile: "/run/secrets/token", caFile: "/run/secrets/ca.crt" };
const clients = { hydra, vault, kubernetes };
const pages = {
  publicUrl: "https://auth.bibind.test",
  kratos: { publicUrl: "https://kratos-public.iam.svc", adminUrl: "https://kratos-admin.iam.svc", schema: "person" },
  hydra,
  tls: { certFile: "/run/tls/tls.crt", keyFile: "/run/tls/tls.key" },
  cookieSecretFile: "/run/secrets/cookie",
  mail: { connectionFile: "/run/mail/connection", from: { address: "no-reply@bibind.test", name: "Bibind" } },
  groups: { operator: ["ada@bibind.test"] },
};

describe("the configuration of a command", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-config-"));
  });

  after(() => rm(folder, { recursive: true }));

  async function fileWith(content: unknown): Promise<string> {
    const file = join(folder, "config.json");
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  it("gets its defaults", async () => {
    const read = await loadConfig(await fileWith(clients), clientsConfig);
    assert.deepEqual([read.vault.authMount, read.vault.kvMount], ["kubernetes", "kv"]);
    assert.deepEqual([read.healthPort, read.resyncSeconds, read.signIn], [8080, 600, undefined]);
    assert.equal(read.kubernetes.server, "https://kubernetes.default.svc");
    const { port, secondFactor } = await loadConfig(await fileWith(pages), pagesConfig);
    assert.deepEqual([port, secondFactor], [8443, ["operator", "auditor"]]);
    const keyring = { vault, path: "iam/hydra", keys: { secretsSystem: { length: 32 } } };
    assert.equal((await loadConfig(await fileWith(keyring), keyringConfig)).keep, 3);
  });

  it("is refused with all problems at once, each with its field", async () => {
    const wrong = {
      hydra: { adminUrl: "hydra" },
      vault: { ...vault, role: "", mount: "kv" },
      kubernetes,
      resyncSeconds: 0,
    };
    const file = await fileWith(wrong);
    await assert.rejects(loadConfig(file, clientsConfig), (error: Error) => {
      assert.equal(error.name, "OperatorError");
      assert.match(error.message, /4 problems/);
      assert.match(error.message, /hydra\.adminUrl: expected a URL/);
      assert.match(error.message, /vault\.role: expected the name of a role/);
      assert.match(error.message, /vault: Unrecognized key: "mount"/);
      assert.match(error.message, /resyncSeconds: Too small/);
      assert.ok(error.message.includes(file));
      return true;
    });
  });

  it("is refused for the pages without https, or with an invalid e-mail address or role", async () => {
    const wrong = {
      ...pages,
      publicUrl: "http://auth.bibind.test",
      groups: { operator: ["ada", "jürgen@example.com"], owner: [] },
    };
    await assert.rejects(loadConfig(await fileWith(wrong), pagesConfig), (error: Error) => {
      assert.match(error.message, /publicUrl: expected a URL such as https/);
      assert.match(error.message, /groups\.operator\[0\]: expected an e-mail address: it has no @/);
      assert.match(error.message, /groups\.operator\[1\]: expected an e-mail address: .* ASCII/);
      assert.match(error.message, /groups: Unrecognized key: "owner"/);
      return true;
    });
  });

  it("is refused with the name of the file when it is missing or not JSON", async () => {
    const file = await fileWith("{ clients: ");
    await assert.rejects(loadConfig(file, clientsConfig), { name: "OperatorError", message: /is not JSON/ });
    const nowhere = join(folder, "nowhere.json");
    await assert.rejects(loadConfig(nowhere, clientsConfig), (error: Error) => error.message.includes(nowhere));
  });
});
