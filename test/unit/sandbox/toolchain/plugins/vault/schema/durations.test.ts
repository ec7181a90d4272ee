import { strictEqual } from "node:assert/strict";
import { secondsOf } from "../../../../../../../sandbox/toolchain/plugins/vault/schema/durations.ts";

describe("A duration of Vault", () => {
  for (const [text, seconds] of [
    ["72h", 259_200],
    ["1h30m5s", 5405],
    ["768h0m0s", 2_764_800],
    ["500ms", 0.5],
    ["1d", 86_400],
    ["3600", 3600],
    [60, 60],
    ["0s", 0],
  ] as const) {
    it(`${text} is ${seconds} seconds`, () => strictEqual(secondsOf(text), seconds));
  }

  for (const text of ["", "soon", "1h later", "h1", true]) {
    it(`${JSON.stringify(text)} is not a duration`, () => strictEqual(secondsOf(text), undefined));
  }
});
