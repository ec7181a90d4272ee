import { rejects, strictEqual } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { ClientOwner } from "../../../components/access/client-owner.ts";
import { developerPolicy, operatorPolicy } from "../../../components/vault/policies/people.ts";
import { openbao } from "../../../sandbox/toolchain/openbao/openbao.ts";
import { record, secretValue } from "../../support/mocks.ts";
import { tokenOf } from "./attempts.ts";
import { startPlatformVault, type PlatformVault } from "./platform.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const pages = ["README.md", "docs/tasks/let-a-program-in.md"].map((page) => join(root, page));
const secretId = z.object({ role_id: z.string(), secret_id: z.string() });

/** The command that begins with the given words, in the README or in the page about programs. */
async function commandOf(start: string): Promise<string> {
  const texts = await Promise.all(pages.map((page) => readFile(page, "utf8")));
  const commands = texts.flatMap((text) => text.split("\n").filter((line) => line.startsWith(start)));
  return commands[0] ?? "";
}

describe("The owner of an OAuth2 client, on a real OpenBao", function () {
  this.timeout(180_000);
  let platform: PlatformVault;
  let bao: string;

  /** Runs a command of the guide for the client `gitlab`, as the holder of a token. */
  async function run(command: string, token: string): Promise<string> {
    const { address, caCertFile } = platform.server;
    const [, ...args] = command.replaceAll("reports", "gitlab").split(" ");
    const env = { BAO_ADDR: address, BAO_CACERT: caCertFile, BAO_TOKEN: token };
    return (await execa(bao, args, { env, extendEnv: false })).stdout;
  }

  before(async () => {
    platform = await startPlatformVault();
    bao = await openbao();
    const { vault } = platform;
    await vault.post("kv/data/oauth/iam/gitlab", { data: { client_id: "gitlab", client_secret: "of-gitlab" } });
    const args = { layer: "iam", clientId: "gitlab", isProgram: true };
    const recording = await record(() => new ClientOwner("owner", args, {}));
    const policy = recording.named("owner-policy").inputs;
    await vault.post(`sys/policies/acl/${String(policy["name"])}`, { policy: String(policy["policy"]) });
    const role = recording.named("owner-role").inputs;
    const settings = z.record(z.string(), z.json()).parse(JSON.parse(String(secretValue(role["dataJson"]))));
    await vault.post(String(role["path"]), settings);
    await vault.post("sys/policies/acl/developer", { policy: developerPolicy });
  });

  after(() => platform.remove());

  it("reads its credential with the command of the guide, as a person with the role", async () => {
    const command = await commandOf("bao kv get -field=client_secret");
    const { auth } = await platform.vault.post("auth/token/create", {
      policies: ["developer", "oauth-iam-gitlab"],
      no_default_policy: true,
    });
    strictEqual(await run(command, auth?.client_token ?? ""), "of-gitlab");
  });

  it("is nobody else with the role, and no operator", async () => {
    const command = await commandOf("bao kv get -field=client_secret");
    for (const [name, policy] of [
      ["developer", developerPolicy],
      ["operator", operatorPolicy],
    ] as const) {
      await rejects(
        run(command, await tokenOf(platform.vault, name, policy)),
        /permission denied|preflight capability check returned 403/,
      );
    }
  });

  it("reads its credential as a program, which an operator lets in with the commands of the guide", async () => {
    const token = await tokenOf(platform.vault, "operator", operatorPolicy);
    const roleId = await commandOf("bao read -field=role_id");
    const made = await commandOf("bao write -f -field=secret_id");
    const ids = secretId.parse({ role_id: await run(roleId, token), secret_id: await run(made, token) });
    const { auth } = await platform.vault.post("auth/approle/login", ids, { token: "" });
    const command = await commandOf("bao kv get -field=client_secret");
    strictEqual(await run(command, auth?.client_token ?? ""), "of-gitlab");
  });
});
