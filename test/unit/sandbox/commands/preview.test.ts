import assert from "node:assert/strict";
import { nothingChanges } from "../../../../sandbox/commands/preview.ts";

/** Events of a preview whose summary counts these operations. */
function events(resourceChanges: Readonly<Record<string, number>>): string {
  const all = [
    { preludeEvent: { config: {} } },
    { summaryEvent: { resourceChanges, isPreview: true } },
    { cancelEvent: {} },
  ];
  return `${all.map((event) => JSON.stringify(event)).join("\n")}\n`;
}

describe("sandbox preview", () => {
  it("says in one line that nothing changes", () => {
    const text = nothingChanges(events({ same: 103, read: 1, update: 0 }));
    assert.equal(text, "nothing changes; the stack has 104 resources\n");
  });

  it("says nothing when a resource would change", () => {
    for (const operation of ["create", "update", "delete", "replace", "import", "discard"]) {
      assert.equal(nothingChanges(events({ same: 103, [operation]: 1 })), undefined, operation);
    }
  });

  it("says nothing about a preview that did not reach its end", () => {
    assert.equal(nothingChanges('{"preludeEvent":{"config":{}}}\n'), undefined);
    assert.equal(nothingChanges(""), undefined);
  });
});
