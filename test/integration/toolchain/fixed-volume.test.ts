import assert from "node:assert/strict";
import { join } from "node:path";
import { projectFolder } from "../../../sandbox/builds/folders.ts";
import { makeKeyPair } from "../../support/ssh-keys.ts";
import { startServer, type TestServer } from "../../unit/sandbox/toolchain/plugins/command/ssh-server.ts";
import { ScratchProject } from "./project.ts";

const component = JSON.stringify(join(projectFolder, "components/kubernetes/fixed-volume.ts"));

describe("a volume of fixed size, under the engine", function () {
  this.timeout(20 * 60_000);
  const key = makeKeyPair();
  let server: TestServer;
  let project: ScratchProject;

  before(async () => {
    server = await startServer(key);
    project = await ScratchProject.create();
  });
  after(async () => {
    await server.stop();
    await project.remove();
  });

  /** A program whose resource has a size. A remote command is updated in place, and needs no cluster. */
  function program(size: string, create = "true"): string {
    const connection = { host: "127.0.0.1", port: server.port, privateKey: key.private, hostKey: server.hostKey };
    return `
import { Command } from "@pulumi/command/remote/command.js";
import { fixedVolume } from ${component};

const hooks = fixedVolume({ name: "fixed", owner: "the store", path: ["environment", "SIZE"] });
const inputs = { connection: ${JSON.stringify(connection)}, create: "${create}", environment: { SIZE: "${size}" } };
new Command("store", inputs, { hooks });
`;
  }

  it("can be made, kept, and changed in everything else", async () => {
    await project.program(program("5Gi"));
    assert.equal((await project.changes("up")).create, 2);
    assert.equal((await project.changes("preview")).update, 0);
    await project.program(program("5Gi", "echo changed"));
    assert.equal((await project.changes("up")).update, 1);
  });

  it("is refused in another size, by the preview already", async () => {
    await project.program(program("6Gi", "echo changed"));
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { exitCode, output } = await project.run(...command);
      assert.notEqual(exitCode, 0);
      assert.match(output, /the volumes of the store have 5Gi, and the storage class cannot change them to 6Gi/);
      assert.match(output, /remedy: set it back to 5;/);
    }
  });

  it("can be destroyed", async () => {
    assert.equal((await project.changes("destroy")).delete, 2);
  });
});
