import assert from "node:assert/strict";
import { readinessOf } from "../../../../sandbox/commands/pods.ts";

describe("the pods of the sandbox", () => {
  it("are ready when all of their containers are ready", () => {
    const listed = `
      iam       vault-0            1/1   Running             0            8m
      iam       kratos-68-twbjk    0/1   Running             1 (3m ago)   7m
      operator  controller-8-v5v   1/2   Running             0            50s
      welcome   welcome-54-8stg5   0/1   ContainerCreating   0            1s`;
    assert.deepEqual(readinessOf(listed), {
      ready: 1,
      waiting: [
        "iam/kratos-68-twbjk (Running)",
        "operator/controller-8-v5v (Running)",
        "welcome/welcome-54-8stg5 (ContainerCreating)",
      ],
    });
  });

  it("do not count while they are terminating", () => {
    assert.deepEqual(readinessOf("iam   kratos-68-twbjk   0/1   Terminating   0   7m\n"), { ready: 0, waiting: [] });
    assert.deepEqual(readinessOf(""), { ready: 0, waiting: [] });
  });
});
