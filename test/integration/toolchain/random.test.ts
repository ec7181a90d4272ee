import assert from "node:assert/strict";
import { z } from "zod";
import { ScratchProject } from "./project.ts";

const stateSchema = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(z.looseObject({ type: z.string(), outputs: z.record(z.string(), z.unknown()).optional() })),
  }),
});

const passwordType = "random:index/randomPassword:RandomPassword";

const unchanged = { create: 0, update: 0, replace: 0, delete: 0, same: 2 };

describe("the plugin of random values, which is the Terraform provider", function () {
  this.timeout(20 * 60_000);
  let project: ScratchProject;

  before(async () => (project = await ScratchProject.create()));
  after(() => project.remove());

  const program = (length: number, more = "") => `
import { RandomPassword } from "@pulumi/random/randomPassword.js";
export const { result } = new RandomPassword("password", { length: ${length}, special: false ${more} });
`;

  it("generates a secret password, and generates no other in the next run", async () => {
    await project.program(program(20));
    assert.equal((await project.changes("up")).create, 2);
    const { result } = await project.outputs();
    assert.match(String(result), /^[A-Za-z0-9]{20}$/);
    assert(!(await project.export()).includes(String(result)));
    assert.deepEqual(await project.changes("up"), unchanged);
    assert.deepEqual(await project.changes("refresh"), unchanged);
    assert.deepEqual(await project.outputs(), { result });
  });

  it("reads the state of the sandbox's former plugin, without the hash and the schema, and keeps its password", async () => {
    const { result } = await project.outputs();
    const state = stateSchema.parse(JSON.parse(await project.export()));
    for (const { outputs = {} } of state.deployment.resources.filter(({ type }) => type === passwordType)) {
      for (const name of ["bcryptHash", "__meta", "__pulumi_raw_state_delta"]) {
        Reflect.deleteProperty(outputs, name);
      }
    }
    await project.write("former.json", JSON.stringify(state));
    assert.equal((await project.run("stack", "import", "--file", "former.json")).exitCode, 0);
    assert.deepEqual(await project.changes("up"), unchanged);
    assert.deepEqual(await project.outputs(), { result });
  });

  it("replaces the password when its length changes", async () => {
    await project.program(program(30));
    assert.equal((await project.changes("up")).replace, 1);
    assert.equal(String((await project.outputs()).result).length, 30);
  });

  it("refuses a length that no password can have", async () => {
    await project.program(program(0));
    const { exitCode, output } = await project.run("preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /length.*at least 1/s);
  });

  it("can be destroyed", async () => {
    assert.equal((await project.changes("destroy")).delete, 2);
  });
});
