import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installToolchain } from "../../../../sandbox/toolchain/install.ts";
import { installedVendor } from "../../../../sandbox/toolchain/vendor.ts";
import { pluginVersions } from "../../../../sandbox/toolchain/versions.ts";

describe("The vendor's toolchain", () => {
  let folder: string;
  const before = { PATH: process.env.PATH, PULUMI_HOME: process.env.PULUMI_HOME };

  const command = async (file: string, version: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `#!/bin/sh\necho ${version}\n`);
    await chmod(join(folder, file), 0o755);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-vendor-"));
    process.env.PATH = join(folder, "bin");
    process.env.PULUMI_HOME = join(folder, "home");
    await command("bin/pulumi", "v3.259.1");
    await command("bin/pulumi-language-nodejs", "");
    for (const [name, version] of Object.entries(pluginVersions)) {
      await command(`home/plugins/resource-${name}-v${version}/pulumi-resource-${name}`, "");
    }
  });
  afterEach(async () => {
    process.env.PATH = before.PATH;
    if (before.PULUMI_HOME === undefined) {
      delete process.env.PULUMI_HOME;
    } else {
      process.env.PULUMI_HOME = before.PULUMI_HOME;
    }
    delete process.env.BIBIND_TOOLCHAIN;
    await rm(folder, { recursive: true, force: true });
  });

  it("is used when the engine, its language host and every plugin are installed", async () => {
    const vendor = { pulumi: join(folder, "bin/pulumi"), home: join(folder, "home") };
    assert.deepEqual(await installedVendor(), vendor);
    assert.deepEqual(await installToolchain(), { ...vendor, origin: "vendor" });
  });

  it("is not used when the engine has another minor version", async () => {
    await command("bin/pulumi", "v3.260.0");
    assert.equal(await installedVendor(), undefined);
  });

  it("is not used when a plugin or the language host is missing", async () => {
    await rm(join(folder, "home/plugins/resource-vault-v7.8.0"), { recursive: true });
    assert.equal(await installedVendor(), undefined);
    await command("home/plugins/resource-vault-v7.8.0/pulumi-resource-vault", "");
    await rm(join(folder, "bin/pulumi-language-nodejs"));
    assert.equal(await installedVendor(), undefined);
  });

  it("cannot be selected by an unknown value of BIBIND_TOOLCHAIN", async () => {
    process.env.BIBIND_TOOLCHAIN = "newest";
    await assert.rejects(
      installToolchain(),
      /BIBIND_TOOLCHAIN has the invalid value "newest"[^]*vendor, built or genuine/,
    );
  });
});
