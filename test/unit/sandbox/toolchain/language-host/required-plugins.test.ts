import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder } from "../../../../../sandbox/builds/folders.ts";
import { installedPackages, requiredPlugins } from "../../../../../sandbox/toolchain/language-host/required-plugins.ts";
import { pluginVersions } from "../../../../../sandbox/toolchain/versions.ts";

describe("The plugins that a program requires", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-host-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const install = async (path: string, manifest: object) => {
    await mkdir(join(folder, path), { recursive: true });
    await writeFile(join(folder, path, "package.json"), JSON.stringify(manifest));
  };

  it("are, for this project, the plugins that the toolchain installs, in the same versions", async () => {
    const required = await requiredPlugins(projectFolder);
    const versions = Object.fromEntries(required.map(({ name, version }) => [name, version]));
    assert.deepEqual(versions, pluginVersions);
  });

  it("include the plugins of a Pulumi package's dependencies, and exclude packages without a plugin", async () => {
    await install(".", { dependencies: { component: "1", plain: "1", missing: "1" } });
    await install("node_modules/plain", { name: "plain", version: "1.0.0", dependencies: { "@pulumi/hidden": "1" } });
    await install("node_modules/component", { dependencies: { "@pulumi/pulumi": "3", "@pulumi/cloud": "2" } });
    const pulumi = { resource: true, name: "cloud", version: "v2.3.4", server: "https://plugins" };
    await install("node_modules/component/node_modules/@pulumi/cloud", { version: "9.9.9", pulumi });
    await install("node_modules/@pulumi/hidden", { version: "1.0.0", pulumi: { resource: true } });
    assert.deepEqual(await requiredPlugins(join(folder)), [
      { name: "cloud", version: "2.3.4", server: "https://plugins" },
    ]);
  });

  it("are found from a folder in the project", async () => {
    await install(".", { devDependencies: { "@pulumi/thing": "1" } });
    await install("node_modules/@pulumi/thing", { version: "1.2.0", pulumi: { resource: true } });
    await mkdir(join(folder, "program"));
    assert.deepEqual(await requiredPlugins(join(folder, "program")), [{ name: "thing", version: "1.2.0", server: "" }]);
  });

  it("are separate from the list of installed packages, which has direct or all dependencies", async () => {
    await install(".", { dependencies: { one: "^1" } });
    await install("node_modules/one", { version: "1.5.0", dependencies: { two: "2" } });
    await install("node_modules/two", { version: "2.0.1", dependencies: { one: "1" } });
    assert.deepEqual(await installedPackages(folder, false), [{ name: "one", version: "1.5.0" }]);
    assert.deepEqual(
      (await installedPackages(folder, true)).map(({ name, version }) => `${name} ${version}`),
      ["one 1.5.0", "two 2.0.1"],
    );
  });
});
