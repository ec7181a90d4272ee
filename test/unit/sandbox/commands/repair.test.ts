import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  removeLeftovers,
  restoreBrokenState,
  withoutPendingOperations,
} from "../../../../sandbox/commands/stack/repair.ts";

const deployment = { manifest: { magic: "m" }, resources: [{ urn: "urn:a", inputs: { kept: true } }] };

describe("the state of a killed update", () => {
  it("loses what was pending and nothing else", () => {
    const pending = [{ type: "creating", resource: { urn: "urn:b", custom: true } }];
    const exported = JSON.stringify({ version: 3, deployment: { ...deployment, pending_operations: pending } });
    const repaired = withoutPendingOperations(exported);
    assert.deepEqual(repaired?.pending, ["creating urn:b"]);
    assert.deepEqual(JSON.parse(repaired.state), { version: 3, deployment });
  });

  it("is left alone when nothing was pending", () => {
    assert.equal(withoutPendingOperations(JSON.stringify({ version: 3, deployment })), undefined);
  });
});

describe("a state file whose writing was killed", () => {
  const stateFile = (state: string, copy: string): string => {
    const file = join(mkdtempSync(join(tmpdir(), "bibind-state-")), "sandbox.json");
    writeFileSync(file, state);
    writeFileSync(`${file}.bak`, copy);
    return file;
  };

  it("becomes again what it was before that write", async () => {
    for (const broken of ["", '{"version":3,"checkp']) {
      const file = stateFile(broken, '{"version":3}');
      await restoreBrokenState(file);
      assert.equal(readFileSync(file, "utf8"), '{"version":3}');
    }
  });

  it("is left alone when it is whole, and when there is none yet", async () => {
    const file = stateFile('{"version":3,"serial":2}', '{"version":3,"serial":1}');
    await restoreBrokenState(file);
    assert.equal(readFileSync(file, "utf8"), '{"version":3,"serial":2}');
    await restoreBrokenState(`${file}.absent`);
  });

  it("is told to the operator when its copy is broken too", async () => {
    await assert.rejects(restoreBrokenState(stateFile("", "")), /broken off while it was written, and so was its copy/);
  });
});

describe("what killed writes left beside the state", () => {
  const backend = (): string => mkdtempSync(join(tmpdir(), "bibind-backend-"));

  it("is removed, with sidecars that would make the stack unreadable, and nothing else is", async () => {
    const folder = backend();
    const stacks = join(folder, "stacks", "bibind");
    mkdirSync(stacks, { recursive: true });
    for (const name of ["sandbox.json", "sandbox.json.bak", "sandbox.json.18eb.tmp", "sandbox.json.attrs"]) {
      writeFileSync(join(stacks, name), "");
    }
    writeFileSync(join(folder, "meta.yaml.attrs"), "{}");
    await removeLeftovers(folder);
    assert.deepEqual(readdirSync(folder), ["stacks"]);
    assert.deepEqual(readdirSync(stacks).sort(), ["sandbox.json", "sandbox.json.bak"]);
  });

  it("is nothing before the stack is made", async () => {
    await removeLeftovers(join(backend(), ".pulumi"));
  });
});
