import assert from "node:assert/strict";
import { columns } from "../../../../services/text/columns.ts";

describe("rows of text in columns", () => {
  it("have columns as wide as the widest cell, and no blanks at the end", () => {
    assert.equal(
      columns([
        ["time", "who"],
        ["t", "somebody"],
        ["a longer time", ""],
      ]),
      ["time            who", "t               somebody", "a longer time", ""].join("\n"),
    );
  });

  it("may have different lengths", () => {
    assert.equal(columns([["a"], ["bb", "c"]]), "a\nbb   c\n");
  });

  it("are an empty text when there are none", () => {
    assert.equal(columns([]), "");
  });
});
