import { rejects, strictEqual } from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpRequest } from "../../../../../../../sandbox/toolchain/plugins/vault/server/http.ts";
import { tokenIn } from "../../../../../../../sandbox/toolchain/plugins/vault/server/token-file.ts";
import { SessionTokens } from "../../../../../../../sandbox/toolchain/plugins/vault/server/tokens.ts";
import { Vault } from "../../../../../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { vaultSettings } from "../../../../../../../sandbox/toolchain/plugins/vault/server/settings.ts";

const remedy = /remedy: run `pulumi up`[^]*--run-program/;

describe("The token file of the vault provider", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-token-"));
    file = join(folder, "token");
  });

  afterEach(() => rm(folder, { recursive: true }));

  const write = (text: string, mode = 0o600) => writeFile(file, text, { mode });

  /** A session with a server that accepts only this token. */
  function session(accepted: string): Vault {
    const exchange = ({ headers }: HttpRequest) =>
      Promise.resolve(
        headers["x-vault-token"] === accepted
          ? { status: 200, body: JSON.stringify({ data: { seen: "yes" } }) }
          : { status: 403, body: JSON.stringify({ errors: ["permission denied"] }) },
      );
    const vault = new Vault({ address: "https://v", namespace: "", exchange, retrySeconds: 0.1 });
    const authLoginTokenFile = JSON.stringify({ filename: file });
    const given = { address: "https://v", authLoginTokenFile, skipChildToken: "true" };
    vault.tokens = new SessionTokens(vault, vaultSettings(given, {}));
    return vault;
  }

  it("contains the token in one line", async () => {
    await write("s.one\n");
    strictEqual(await tokenIn(file), "s.one");
  });

  const refused: readonly [string, string, number, RegExp][] = [
    ["empty", "\n", 0o600, /is empty/],
    ["of several lines", "never-log-this\nnever-log-this\n", 0o600, /holds more than one line/],
    ["readable by others", "never-log-this\n", 0o640, /may be read by others \(its mode is 640/],
  ];
  for (const [what, text, mode, problem] of refused) {
    it(`is refused when it is ${what}, with its name and without its content in the message`, async () => {
      await write(text, mode);
      await rejects(
        tokenIn(file),
        ({ message }: Error) =>
          problem.test(message) &&
          message.includes(file) &&
          remedy.test(message) &&
          !message.includes("never-log-this"),
      );
    });
  }

  it("is refused when it does not exist, or is a folder", async () => {
    await rejects(
      tokenIn(file),
      ({ message }: Error) => /ENOENT/.test(message) && message.includes(file) && remedy.test(message),
    );
    await rejects(tokenIn(folder), /not a regular file/);
  });

  it("is read on first use of the token, and again when the server no longer accepts the token", async () => {
    const vault = session("s.two");
    await write("s.two\n");
    strictEqual((await vault.get("a"))?.seen, "yes");
    const later = session("s.three");
    strictEqual(await later.tokens?.current(), "s.two");
    await write("s.three\n");
    strictEqual((await later.get("a"))?.seen, "yes");
  });

  it("is named in the message about a token that the server refuses, which does not show the token", async () => {
    await write("never-log-this\n");
    await rejects(
      session("s.other").get("a"),
      ({ message }: Error) =>
        /does not accept the token in the file/.test(message) &&
        message.includes(file) &&
        remedy.test(message) &&
        !message.includes("never-log-this"),
    );
  });
});
