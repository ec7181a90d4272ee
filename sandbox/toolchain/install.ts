import { createHash } from "node:crypto";
import { join } from "node:path";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { cacheFolder, projectFolder } from "../builds/folders.ts";
import { goTool } from "./go/build.ts";
import { preparePulumiHome } from "./home.ts";
import { downloadVendor, installedVendor } from "./vendor.ts";

/** A Pulumi engine with its plugins. */
export interface Toolchain {
  /** Path of the `pulumi` command. */
  readonly pulumi: string;
  /** The folder with the plugins, for `PULUMI_HOME`. */
  readonly home: string;
  /**
   * `vendor`: the vendor's engine and plugins. `built`: the engine from its Go module, with plugins of our own. `genuine`:
   * the same, with the vendor's plugin `kubernetes` from its Go module.
   */
  readonly origin: "vendor" | "built" | "genuine";
}

/**
 * Provides the Pulumi toolchain: the vendor's if it is completely installed on this machine, else our own.
 *
 * `BIBIND_TOOLCHAIN=vendor` downloads the vendor's if it is not installed. `BIBIND_TOOLCHAIN=built` always selects our
 * own. `BIBIND_TOOLCHAIN=genuine` replaces our plugin `kubernetes` by the vendor's; its build needs 12 minutes of a processor
 * and 4.2 GiB. The first build takes some minutes, a later call less than a second.
 *
 * @throws OperatorError when `BIBIND_TOOLCHAIN` has another value, or the toolchain cannot be downloaded or built
 */
export async function installToolchain(): Promise<Toolchain> {
  const wanted = process.env.BIBIND_TOOLCHAIN ?? "";
  if (!["", "vendor", "built", "genuine"].includes(wanted)) {
    throw new OperatorError({
      what: `BIBIND_TOOLCHAIN has the invalid value ${JSON.stringify(wanted)}`,
      where: "environment variable BIBIND_TOOLCHAIN",
      remedy: "set it to vendor, built or genuine, or leave it unset",
    });
  }
  const vendor = ["built", "genuine"].includes(wanted) ? undefined : await installedVendor();
  if (vendor !== undefined) {
    return { ...vendor, origin: "vendor" };
  }
  if (wanted === "vendor") {
    return { ...(await downloadVendor(cacheFolder("vendor-pulumi-home"))), origin: "vendor" };
  }
  return builtToolchain(wanted === "genuine" ? "genuine" : "built");
}

async function builtToolchain(origin: "built" | "genuine"): Promise<Toolchain> {
  // Each checkout has its own home. Otherwise two checkouts could replace each other's plugins during a run.
  const home = cacheFolder(
    "pulumi-home",
    createHash("sha256")
      .update(projectFolder + origin)
      .digest("hex")
      .slice(0, 8),
  );
  const [engine, helm] = await Promise.all([goTool("pulumi"), goTool("helm")]);
  await preparePulumiHome(home, { helm: join(helm, "helm"), genuine: origin === "genuine" });
  return { pulumi: join(engine, "pulumi"), home, origin };
}
