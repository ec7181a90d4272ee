import { betweenFolders, importsOf, refuseCircles } from "../../support/import-graph.ts";

describe("imports in the sandbox", () => {
  it("make no circle between files", async () => {
    refuseCircles(await importsOf("sandbox"));
  });

  it("make no circle between the folders of the toolchain", async () => {
    refuseCircles(betweenFolders(await importsOf("sandbox/toolchain")));
  });
});
