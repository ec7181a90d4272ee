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

describe("The token in a file", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-token-"));
    file = join(folder, "token");
  });

  afterEach(() => rm(folder, { recursive: true }));

  const write = (text: string, mode = 0o600) => writeFile(file, text, { mode });

  /** A session with a server that takes the token `accepted` and no other. */
  function session(accepted: string): Vault {
    const exchange = ({ headers }: HttpRequest) =>
      Promise.resolve(
        headers["x-vault-token"] === accepted
          ? { status: 200, body: JSON.stringify({ data: { seen: "yes" } }) }
          : { status: 403, body: JSON.stringify({ errors: ["permission denied"] }) },
      );
    const vault = new Vault({ address: "https://v", namespace: "", exchange, patienceSeconds: 0.1 });
    const authLoginTokenFile = JSON.stringify({ filename: file });
    const given = { address: "https://v", authLoginTokenFile, skipChildToken: "true" };
    vault.tokens = new SessionTokens(vault, vaultSettings(given, {}));
    return vault;
  }

  it("is its one line", async () => {
    await write("s.one\n");
    strictEqual(await tokenIn(file), "s.one");
  });

  const refused: readonly [string, string, number, RegExp][] = [
    ["empty", "\n", 0o600, /is empty/],
    ["of several lines", "not-to-be-told\nnot-to-be-told\n", 0o600, /holds more than one line/],
    ["that others may read", "not-to-be-told\n", 0o640, /may be read by others \(mode 640/],
  ];
  for (const [what, text, mode, problem] of refused) {
    it(`is refused from a file ${what}, by the file's name and without its content`, async () => {
      await write(text, mode);
      await rejects(
        tokenIn(file),
        ({ message }: Error) =>
          problem.test(message) &&
          message.includes(file) &&
          remedy.test(message) &&
          !message.includes("not-to-be-told"),
      );
    });
  }

  it("is refused when there is no file, or a folder in its place", async () => {
    await rejects(
      tokenIn(file),
      ({ message }: Error) => /ENOENT/.test(message) && message.includes(file) && remedy.test(message),
    );
    await rejects(tokenIn(folder), /no regular file/);
  });

  it("is read when the session needs it, and again when the server no longer takes it", async () => {
    const vault = session("s.two");
    await write("s.two\n");
    strictEqual((await vault.get("a"))?.seen, "yes");
    const later = session("s.three");
    strictEqual(await later.tokens?.current(), "s.two");
    await write("s.three\n");
    strictEqual((await later.get("a"))?.seen, "yes");
  });

  it("that the server does not take is said to be that of the file, and not told", async () => {
    await write("not-to-be-told\n");
    await rejects(
      session("s.other").get("a"),
      ({ message }: Error) =>
        /does not accept the token in the file/.test(message) &&
        message.includes(file) &&
        remedy.test(message) &&
        !message.includes("not-to-be-told"),
    );
  });
});
