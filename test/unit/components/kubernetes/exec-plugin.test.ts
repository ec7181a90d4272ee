import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { ExecPlugin } from "../../../../components/kubernetes/exec-plugin.ts";

const apiVersion = "client.authentication.k8s.io/v1";

describe("an exec plugin of a kubeconfig", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "bibind-exec-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A plugin `./plugin` beside the kubeconfig. */
  function plugin(script: string, more: Partial<ConstructorParameters<typeof ExecPlugin>[0]> = {}): ExecPlugin {
    writeFileSync(join(folder, "plugin"), `#!/bin/sh\ncd '${folder}'\n${script}\n`, { mode: 0o755 });
    const source = { text: "", folder, origin: "the kubeconfig of the test" };
    return new ExecPlugin({ apiVersion, command: "./plugin", ...more }, { server: "https://10.0.0.1" }, source);
  }

  const prints = (status: object): string => `echo run >>runs\ncat <<'END'\n${JSON.stringify({ status })}\nEND`;
  const runs = (): number => readFileSync(join(folder, "runs"), "utf8").split("\n").length - 1;

  async function failure(given: ExecPlugin): Promise<OperatorError> {
    const error: unknown = await given.token().catch((reason: unknown) => reason);
    assert(error instanceof OperatorError, inspect(error));
    assert.equal(error.parts.where, "the kubeconfig of the test");
    return error;
  }

  it("gives its token, and is told what client-go tells it", async () => {
    const script = `echo "$KUBERNETES_EXEC_INFO" >info\necho "$1 $EXTRA" >given\n${prints({ token: "t" })}`;
    const env = [{ name: "EXTRA", value: "more" }];
    assert.equal(await plugin(script, { args: ["one"], env, provideClusterInfo: true }).token(), "t");
    assert.deepEqual(JSON.parse(readFileSync(join(folder, "info"), "utf8")), {
      apiVersion,
      kind: "ExecCredential",
      spec: { interactive: false, cluster: { server: "https://10.0.0.1" } },
    });
    assert.equal(readFileSync(join(folder, "given"), "utf8"), "one more\n");
    assert.equal(process.env["EXTRA"], undefined);
  });

  it("runs again only when its token has ended", async () => {
    const lasting = plugin(prints({ token: "t", expirationTimestamp: "2999-01-01T00:00:00Z" }));
    await lasting.token();
    await lasting.token();
    assert.equal(runs(), 1);
    const ended = plugin(prints({ token: "t", expirationTimestamp: "2001-01-01T00:00:00Z" }));
    await ended.token();
    await ended.token();
    assert.equal(runs(), 3);
  });

  it("is named when it is not installed, with its own hint", async () => {
    const { parts } = await failure(plugin("", { command: "no-such-plugin" }));
    assert.match(parts.what, /exec plugin `no-such-plugin` of the kubeconfig is not installed/);
    assert.match(parts.remedy, /Install it, or give a kubeconfig with a token/);
    const hinted = await failure(plugin("", { command: "no-such-plugin", installHint: "get it from IT" }));
    assert.equal(hinted.parts.remedy, "get it from IT");
  });

  it("is named when it fails, with its last line", async () => {
    const { parts } = await failure(plugin('echo "session ended" >&2\nexit 3'));
    assert.match(parts.what, /`\.\/plugin` of the kubeconfig failed \(3\): session ended/);
  });

  it("is named when it prints no token, and what it prints is not shown", async () => {
    for (const [script, what] of [
      ["echo hidden-text", /does not print an ExecCredential/],
      [":", /does not print an ExecCredential/],
      [prints({ token: { hidden: "hidden-text" } }), /does not print an ExecCredential/],
      [prints({ clientCertificateData: "hidden-text" }), /gives a client certificate and no token/],
      [prints({}), /gives nothing and no token/],
    ] as const) {
      const error = await failure(plugin(script));
      assert.match(error.parts.what, what);
      assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /hidden-text/);
    }
  });
});
