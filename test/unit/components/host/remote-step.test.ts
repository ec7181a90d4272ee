import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { hostAt } from "../../../../components/host/host.ts";
import { RemoteStep, type RemoteStepArgs } from "../../../../components/host/remote-step.ts";
import type { StepScript } from "../../../../components/host/shell.ts";
import { FakeHost } from "../../../support/fake-host.ts";
import { isSecret, record, secretValue, type RecordedResource } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const access = {
  address: "192.0.2.7",
  port: 22,
  privateKey: pulumi.secret("THE PRIVATE KEY"),
  hostKey: "ssh-ed25519 AAAA",
};

const greeting: StepScript = {
  file: "greeting.sh",
  text: `check() {
  [ "$(cat "$root/greeting" 2>/dev/null)" = "$words" ]
}
apply() {
  echo "$words" >"$root/greeting"
}
remove() {
  rm "$root/greeting"
}
report() {
  cat "$root/greeting"
}`,
  removes: true,
};

function script(text: string): StepScript {
  return { file: "step.sh", text, removes: text.includes("remove() {") };
}

async function step(
  args: Partial<RemoteStepArgs> = {},
  user = "root",
  printed = "bibind: report\nthe output\n",
): Promise<RecordedResource & { step: RemoteStep }> {
  const recording = await record(
    () =>
      new RemoteStep("step", {
        host: hostAt({ ...access, user }),
        title: "greet",
        script: greeting,
        parameters: { words: "hello" },
        ...args,
      }),
    { answer: ({ type }) => (type === "command:remote:Command" ? { stdout: printed, stderr: "" } : {}) },
  );
  return { ...recording.named("step-command"), step: recording.result };
}

function text(value: unknown): string {
  assert(typeof value === "string");
  return value;
}

describe("RemoteStep", () => {
  it("is one remote command", async () => {
    const command = await step();
    assert.equal(command.type, "command:remote:Command");
    assert.equal(command.parent, "step");
  });

  it("gives its connection, which contains the host key, as a secret", async () => {
    const { inputs } = await step();
    assert.deepEqual(secretValue(inputs["connection"]), {
      host: "192.0.2.7",
      port: 22,
      user: "root",
      hostKey: "ssh-ed25519 AAAA",
      privateKey: "THE PRIVATE KEY",
      dialErrorLimit: 3,
      perDialTimeout: 10,
    });
  });

  it("gives a secret on standard input only, and makes its output secret too", async () => {
    const command = await step({ input: "hunter2" });
    const { stdin, ...others } = command.inputs;
    assert.equal(secretValue(stdin), "hunter2");
    assert(!JSON.stringify(others).includes("hunter2"));
    assert.equal(others["environment"], undefined);
    assert.equal(others["logging"], "none");
    assert.deepEqual(new Set(command.additionalSecretOutputs), new Set(["stdout", "stderr", "connection"]));
    assert.equal(await pulumi.isSecret(command.step.output), true);
  });

  it("does not give the previous output to the script", async () => {
    const { inputs } = await step();
    assert.equal(inputs["addPreviousOutputInEnv"], false);
  });

  it("has a plain output by default", async () => {
    const open = await step();
    assert.equal(await settled(open.step.output), "the output");
    assert.equal(await pulumi.isSecret(open.step.output), false);
    assert.equal(open.inputs["logging"], "stderr");
    const secret = await step({ secretOutput: true });
    assert.equal(await pulumi.isSecret(secret.step.output), true);
    assert.equal(secret.inputs["logging"], "none");
  });

  it("has a plain script, so that a preview shows its change", async () => {
    const { inputs } = await step();
    assert(!isSecret(inputs["create"]));
    assert.match(text(inputs["create"]), /words=.*hello/);
    assert.equal(inputs["update"], undefined);
    assert.equal(inputs["triggers"], undefined);
  });

  it("is replaced only when one of the given values changes", async () => {
    const { inputs } = await step({ replaceOnChangesOf: ["one"] });
    assert.deepEqual(inputs["triggers"], ["one"]);
  });

  it("refuses a secret among its parameters", async () => {
    const recording = record(
      () =>
        new RemoteStep("step", {
          host: hostAt({ ...access, user: "root" }),
          title: "greet",
          script: greeting,
          parameters: { words: pulumi.secret("hunter2") },
        }),
    );
    await assert.rejects(recording, /the step "greet" has a secret among its parameters/);
  });

  it("must say why it removes nothing, and must not say it if it removes something", async () => {
    const mute = script("check() {\n:\n}\napply() {\n:\n}");
    await assert.rejects(step({ script: mute }), /must say in "keeps" why a destroy changes nothing/);
    await assert.rejects(step({ keeps: "no reason" }), /must not have "keeps"/);
    const { inputs } = await step({ script: mute, keeps: "it only looks" });
    assert.equal(inputs["delete"], undefined);
  });

  it("uses sudo if the user is not root", async () => {
    const { inputs } = await step({}, "debian");
    assert.match(text(inputs["create"]), /^exec sh -c 'sudo -n true .*; exec sudo -n sh -c /);
    const asRoot = await step();
    assert.match(text(asRoot.inputs["create"]), /^exec sh -c 'exec sh -c /);
  });
});

describe("the text of a RemoteStep", () => {
  let host: FakeHost;
  beforeEach(() => (host = new FakeHost()));
  afterEach(() => host.remove());

  it("applies a difference and reports, and does nothing the second time", async () => {
    const { inputs } = await step();
    const first = await host.run(text(inputs["create"]));
    assert.equal(first.report, "hello");
    assert.match(first.stderr, /bibind: greet$/m);
    const second = await host.run(text(inputs["create"]));
    assert.equal(second.report, "hello");
    assert.match(second.stderr, /bibind: greet: nothing to do/);
  });

  it("removes what it applied", async () => {
    const { inputs } = await step();
    await host.run(text(inputs["create"]));
    const removed = await host.run(text(inputs["delete"]));
    assert.deepEqual([removed.exitCode, host.has("greeting")], [0, false]);
  });

  it("fails if it prints no report, because a login shell that does not run it can end with status 0", async () => {
    for (const printed of ["", "Welcome!\n", "bibind: reports\n"]) {
      await assert.rejects(settled((await step({}, "debian", printed)).step.output), (error: Error) => {
        assert.match(error.message, /the step "greet" printed no report.*host 192\.0\.2\.7.*login shell of debian/s);
        return true;
      });
    }
  });

  it("leaves out what the login shell prints before the report", async () => {
    const noisy = await step({}, "root", "Welcome!\nbibind: report\none\nbibind: report\n");
    assert.equal(await settled(noisy.step.output), "one\nbibind: report");
    const mute = await step({}, "root", "bibind: report");
    assert.equal(await settled(mute.step.output), "");
  });

  it("gives every value unchanged to the script", async () => {
    const words = `it's "$(touch '${host.root}/pwned')" \`id\`\nand more`;
    const { inputs } = await step({ parameters: { words } });
    const result = await host.run(text(inputs["create"]));
    assert.equal(result.report, words);
    assert(!host.has("pwned"));
  });

  it("has its secret in $input, and not in the environment of the programs that it starts", async () => {
    const body = `check() {\n[ "$(cat "$root/s" 2>/dev/null)" = "$input" ]\n}\napply() {\nprintf '%s' "$input" >"$root/s"\nenv >"$root/env"\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test", input: "hunter2" });
    const result = await host.run(text(inputs["create"]), { input: "hunter2" });
    assert.equal(host.read("s"), "hunter2");
    assert(!(host.read("env") + result.stdout + result.stderr).includes("hunter2"));
  });

  it("stops at the first command that fails, with one line that says what, where and what to do", async () => {
    const body = `check() {\nfalse\n}\napply() {\nls /nowhere\ntouch "$root/too-far"\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test" });
    const result = await host.run(text(inputs["create"]));
    assert.equal(result.exitCode, 70);
    assert.match(result.stderr, /\nbibind: greet: it failed \(status 2\) \| host 192\.0\.2\.7 \| correct [^\n]*$/);
    assert(!host.has("too-far"));
  });

  it("stops in check at a failure that apply cannot correct", async () => {
    const body = `check() {\nfail "no bell" "hang one up"\n}\napply() {\ntouch "$root/too-far"\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test" });
    const result = await host.run(text(inputs["create"]));
    assert.deepEqual([result.exitCode, result.stderr], [70, "bibind: greet: no bell | host 192.0.2.7 | hang one up"]);
    assert(!host.has("too-far"));
  });

  it("fails if the host does not have the desired state after apply", async () => {
    const body = `check() {\nfalse\n}\napply() {\n:\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test" });
    const result = await host.run(text(inputs["create"]));
    assert.equal(result.exitCode, 70);
    assert.match(result.stderr, /it ended without an error, but the host does not have the desired state/);
  });

  it("prints nothing of a report that fails before its end", async () => {
    const body = `check() {\n:\n}\napply() {\n:\n}\nreport() {\necho half-a-secret\nfalse\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test", secretOutput: true });
    const result = await host.run(text(inputs["create"]));
    assert.equal(result.exitCode, 70);
    assert(!(result.stdout + result.stderr).includes("half-a-secret"));
  });

  it("does not leave the host's lock to a daemon that it started", async () => {
    const body = `check() {\n[ -e "$root/daemon" ]\n}\napply() {\nsleep 60 >/dev/null 2>&1 &\necho $! >"$root/daemon"\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test" });
    await host.run(text(inputs["create"]));
    try {
      const again = await host.run(text(inputs["create"]));
      assert.doesNotMatch(again.stderr, /waiting until another step/);
    } finally {
      process.kill(Number(host.read("daemon")));
    }
  });

  it("refuses to run as another user than root", async () => {
    host.command("id", "echo 1000");
    const { inputs } = await step();
    const result = await host.run(text(inputs["create"]));
    assert.equal(result.exitCode, 70);
    assert.match(result.stderr, /the step does not run as root \| host 192\.0\.2\.7 \| connect as root, or/);
  });

  it("says what to do when sudo asks for a password", async () => {
    host.command("sudo", "exit 1");
    const { inputs } = await step({}, "debian");
    const result = await host.run(text(inputs["create"]));
    assert.deepEqual([result.exitCode, host.has("greeting")], [1, false]);
    assert.match(result.stderr, /^bibind: debian cannot use sudo without a password \| allow it in \/etc\/sudoers\.d/);
  });
});
