import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { hostAt } from "../../../../components/host/host.ts";
import { RemoteStep, type RemoteStepArgs } from "../../../../components/host/remote-step.ts";
import type { StepScript } from "../../../../components/host/shell.ts";
import { FakeHost } from "../../../support/fake-host.ts";
import { isSecret, record, secretValue, type RecordedResource } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const access = { address: "192.0.2.7", privateKey: pulumi.secret("THE PRIVATE KEY"), hostKey: "ssh-ed25519 AAAA" };

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
    { answer: ({ type }) => (type === "command:remote:Command" ? { stdout: "the output\n", stderr: "" } : {}) },
  );
  return { ...recording.named("step-command"), step: recording.result };
}

function text(value: unknown): string {
  assert(typeof value === "string");
  return value;
}

describe("RemoteStep", () => {
  it("is one remote command below one component", async () => {
    const command = await step();
    assert.equal(command.type, "command:remote:Command");
    assert.equal(command.parent, "step");
  });

  it("hands its connection over as a secret, the host key in it", async () => {
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

  it("gives a secret on standard input only, and keeps its output secret then", async () => {
    const command = await step({ input: "hunter2" });
    const { stdin, ...others } = command.inputs;
    assert.equal(secretValue(stdin), "hunter2");
    assert(!JSON.stringify(others).includes("hunter2"));
    assert.equal(others["environment"], undefined);
    assert.equal(others["logging"], "none");
    assert.deepEqual(new Set(command.additionalSecretOutputs), new Set(["stdout", "stderr", "connection"]));
    assert.equal(await pulumi.isSecret(command.step.output), true);
  });

  it("never passes the output of the run before on as an environment variable", async () => {
    const { inputs } = await step();
    assert.equal(inputs["addPreviousOutputInEnv"], false);
  });

  it("has an open output unless it is told otherwise", async () => {
    const open = await step();
    assert.equal(await settled(open.step.output), "the output");
    assert.equal(await pulumi.isSecret(open.step.output), false);
    assert.equal(open.inputs["logging"], "stderr");
    const secret = await step({ secretOutput: true });
    assert.equal(await pulumi.isSecret(secret.step.output), true);
    assert.equal(secret.inputs["logging"], "none");
  });

  it("shows its script, so that a change of it is a difference that can be read", async () => {
    const { inputs } = await step();
    assert(!isSecret(inputs["create"]));
    assert.match(text(inputs["create"]), /words=.*hello/);
    assert.equal(inputs["update"], undefined);
    assert.equal(inputs["triggers"], undefined);
  });

  it("replaces itself only for what it is told to", async () => {
    const { inputs } = await step({ replaceOnChangesOf: ["one"] });
    assert.deepEqual(inputs["triggers"], ["one"]);
  });

  it("refuses a secret among its parameters", async () => {
    const recording = record(
      () =>
        new RemoteStep("step", {
          host: hostAt(access),
          title: "greet",
          script: greeting,
          parameters: { words: pulumi.secret("hunter2") },
        }),
    );
    await assert.rejects(recording, /the step "greet" has a secret among its parameters/);
  });

  it("must say why it removes nothing, and only then", async () => {
    const mute = script("check() {\n:\n}\napply() {\n:\n}");
    await assert.rejects(step({ script: mute }), /must say in "keeps" why nothing is removed/);
    await assert.rejects(step({ keeps: "no reason" }), /cannot say that it keeps something/);
    const { inputs } = await step({ script: mute, keeps: "it only looks" });
    assert.equal(inputs["delete"], undefined);
  });

  it("becomes root through sudo when it signs in as somebody else", async () => {
    const { inputs } = await step({}, "debian");
    assert.match(text(inputs["create"]), /^sudo -n true .*\nexec sudo -n sh -c '/);
    const asRoot = await step();
    assert.match(text(asRoot.inputs["create"]), /^exec sh -c '/);
  });
});

describe("what RemoteStep sends", () => {
  let host: FakeHost;
  beforeEach(() => (host = new FakeHost()));
  afterEach(() => host.remove());

  it("applies a difference, reports, and does nothing the second time", async () => {
    const { inputs } = await step();
    const first = await host.run(text(inputs["create"]));
    assert.equal(first.stdout, "hello");
    assert.match(first.stderr, /bibind: greet$/m);
    const second = await host.run(text(inputs["create"]));
    assert.equal(second.stdout, "hello");
    assert.match(second.stderr, /bibind: greet: already as wanted/);
  });

  it("takes back what it applied", async () => {
    const { inputs } = await step();
    await host.run(text(inputs["create"]));
    const removed = await host.run(text(inputs["delete"]));
    assert.deepEqual([removed.exitCode, host.has("greeting")], [0, false]);
  });

  it("passes every value as it is, whatever is in it", async () => {
    const words = `it's "$(touch '${host.root}/pwned')" \`id\`\nand more`;
    const { inputs } = await step({ parameters: { words } });
    const result = await host.run(text(inputs["create"]));
    assert.equal(result.stdout, words);
    assert(!host.has("pwned"));
  });

  it("finds its secret in $input, and no program that it starts finds it there", async () => {
    const body = `check() {\n[ "$(cat "$root/s" 2>/dev/null)" = "$input" ]\n}\napply() {\nprintf '%s' "$input" >"$root/s"\nenv >"$root/env"\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test", input: "hunter2" });
    const result = await host.run(text(inputs["create"]), { input: "hunter2" });
    assert.equal(host.read("s"), "hunter2");
    assert(!(host.read("env") + result.stdout + result.stderr).includes("hunter2"));
  });

  it("ends in one line that says what, where and what to do, and stops at the first failing command", async () => {
    const body = `check() {\nfalse\n}\napply() {\nls /nowhere\ntouch "$root/too-far"\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test" });
    const result = await host.run(text(inputs["create"]));
    assert.equal(result.exitCode, 70);
    assert.match(result.stderr, /\nbibind: greet: it failed \(status 2\) \| host 192\.0\.2\.7 \| mend [^\n]*$/);
    assert(!host.has("too-far"));
  });

  it("stops in check at a failure it cannot mend", async () => {
    const body = `check() {\nfail "no bell" "hang one up"\n}\napply() {\ntouch "$root/too-far"\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test" });
    const result = await host.run(text(inputs["create"]));
    assert.deepEqual([result.exitCode, result.stderr], [70, "bibind: greet: no bell | host 192.0.2.7 | hang one up"]);
    assert(!host.has("too-far"));
  });

  it("says so when it ran and the host still is not as wanted", async () => {
    const body = `check() {\nfalse\n}\napply() {\n:\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test" });
    const result = await host.run(text(inputs["create"]));
    assert.equal(result.exitCode, 70);
    assert.match(result.stderr, /it ran, yet the host is not as wanted/);
  });

  it("prints nothing of a report that fails half-way", async () => {
    const body = `check() {\n:\n}\napply() {\n:\n}\nreport() {\necho half-a-secret\nfalse\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test", secretOutput: true });
    const result = await host.run(text(inputs["create"]));
    assert.equal(result.exitCode, 70);
    assert(!(result.stdout + result.stderr).includes("half-a-secret"));
  });

  it("does not hold the host's lock in a daemon that it started", async () => {
    const body = `check() {\n[ -e "$root/daemon" ]\n}\napply() {\nsleep 60 >/dev/null 2>&1 &\necho $! >"$root/daemon"\n}`;
    const { inputs } = await step({ script: script(body), keeps: "it is a test" });
    await host.run(text(inputs["create"]));
    try {
      const again = await host.run(text(inputs["create"]));
      assert.doesNotMatch(again.stderr, /waiting for another step/);
    } finally {
      process.kill(Number(host.read("daemon")));
    }
  });

  it("refuses to work as anybody but root", async () => {
    host.command("id", "echo 1000");
    const { inputs } = await step();
    const result = await host.run(text(inputs["create"]));
    assert.equal(result.exitCode, 70);
    assert.match(result.stderr, /the step does not run as root \| host 192\.0\.2\.7 \| sign in as root, or/);
  });

  it("names the remedy when sudo asks for a password", async () => {
    host.command("sudo", "exit 1");
    const { inputs } = await step({}, "debian");
    const result = await host.run(text(inputs["create"]));
    assert.deepEqual([result.exitCode, host.has("greeting")], [1, false]);
    assert.match(result.stderr, /^bibind: debian may not use sudo without a password \| allow it in \/etc\/sudoers\.d/);
  });
});
