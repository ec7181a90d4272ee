import { betweenFolders, importsOf, refuseCircles } from "../../support/import-graph.ts";

describe("imports in the sandbox", () => {
  it("have no cycle between files", async () => {
    refuseCircles(await importsOf("sandbox"));
  });

  it("have no cycle between the folders of the toolchain", async () => {
    refuseCircles(betweenFolders(await importsOf("sandbox/toolchain")));
  });
});
