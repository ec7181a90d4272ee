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

describe("the state after a killed update", () => {
  it("loses the pending operations and nothing else", () => {
    const pending = [{ type: "creating", resource: { urn: "urn:b", custom: true } }];
    const exported = JSON.stringify({ version: 3, deployment: { ...deployment, pending_operations: pending } });
    const repaired = withoutPendingOperations(exported);
    assert.deepEqual(repaired?.pending, ["creating urn:b"]);
    assert.deepEqual(repaired.deleting, []);
    assert.deepEqual(JSON.parse(repaired.state), { version: 3, deployment });
  });

  it("names what was being deleted", () => {
    const pending = ["deleting", "updating"].map((type) => ({ type, resource: { urn: `urn:${type}` } }));
    const exported = JSON.stringify({ version: 3, deployment: { ...deployment, pending_operations: pending } });
    assert.deepEqual(withoutPendingOperations(exported)?.deleting, ["urn:deleting"]);
  });

  it("is not changed when no operation was pending", () => {
    assert.equal(withoutPendingOperations(JSON.stringify({ version: 3, deployment })), undefined);
  });
});

describe("a state file after a killed write", () => {
  const stateFile = (state: string, backup: string): string => {
    const file = join(mkdtempSync(join(tmpdir(), "bibind-state-")), "sandbox.json");
    writeFileSync(file, state);
    writeFileSync(`${file}.bak`, backup);
    return file;
  };

  it("is restored from its backup", async () => {
    for (const incomplete of ["", '{"version":3,"checkp']) {
      const file = stateFile(incomplete, '{"version":3}');
      await restoreBrokenState(file);
      assert.equal(readFileSync(file, "utf8"), '{"version":3}');
    }
  });

  it("is not changed when it is complete, and may be absent", async () => {
    const file = stateFile('{"version":3,"serial":2}', '{"version":3,"serial":1}');
    await restoreBrokenState(file);
    assert.equal(readFileSync(file, "utf8"), '{"version":3,"serial":2}');
    await restoreBrokenState(`${file}.absent`);
  });

  it("is reported to the operator when its backup is incomplete too", async () => {
    await assert.rejects(restoreBrokenState(stateFile("", "")), /state file is incomplete, and so is its backup/);
  });
});

describe("the files that killed writes leave beside the state", () => {
  const backend = (): string => mkdtempSync(join(tmpdir(), "bibind-backend-"));

  it("are removed, including sidecar files that would make the stack unreadable, and no other file is", async () => {
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

  it("do not exist before the stack is created", async () => {
    await removeLeftovers(join(backend(), ".pulumi"));
  });
});
