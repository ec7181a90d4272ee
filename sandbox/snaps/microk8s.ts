import { createHash } from "node:crypto";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { build } from "../builds/store.ts";
import { goTool, goTools } from "../toolchain/go/build.ts";
import { debianTree } from "../images/debian-trees.ts";
import { folderContent } from "../builds/folder-content.ts";
import { certManagerManifest, traefikDefinitions } from "./manifests.ts";

const folder = join(import.meta.dirname, "microk8s");

/** The revision number of the snap. It is a hash of the inputs, so new content has a new revision. */
function revisionOf(inputs: Readonly<Record<string, string>>): string {
  return String(createHash("sha256").update(JSON.stringify(inputs)).digest().readUInt16BE(0) + 1);
}

/**
 * The snap `microk8s`: the original Kubernetes programs, with a command line and manifests of our own.
 *
 * @returns a folder of the build store that holds `snap.json` and `content/`
 */
export async function microk8sSnap(): Promise<string> {
  const [kubernetes, network, tools, certManager, traefik] = await Promise.all([
    goTool("kubernetes"),
    goTool("kube-router"),
    debianTree("snap-tools"),
    certManagerManifest(),
    traefikDefinitions(),
  ]);
  const inputs = {
    folder: await folderContent(folder),
    version: goTools.kubernetes.version,
    kubernetes: basename(kubernetes),
    network: basename(network),
    tools: basename(tools),
    certManager: basename(certManager),
    traefik: basename(traefik),
  };
  return build({
    name: "snap-microk8s",
    inputs,
    produce: async (into) => {
      const content = join(into, "content");
      await cp(join(folder, "content"), content, {
        recursive: true,
        filter: (source) => !source.includes("__pycache__"),
      });
      // Hard links save disk space: the programs are large, and the build store keeps them in any case.
      await execa("cp", ["--recursive", "--link", kubernetes, join(content, "kubernetes")]);
      await execa("cp", ["--recursive", "--link", network, join(content, "network")]);
      await execa("cp", ["--recursive", "--no-dereference", tools, join(content, "tools")]);
      const addon = (name: string): string => join(content, "addons", name);
      await mkdir(addon("cert-manager"), { recursive: true });
      await cp(join(certManager, "cert-manager.yaml"), join(addon("cert-manager"), "cert-manager.yaml"));
      await cp(join(traefik, "definitions.yaml"), join(addon("ingress"), "definitions.yaml"));
      const manifest = z
        .record(z.string(), z.unknown())
        .parse(JSON.parse(await readFile(join(folder, "snap.json"), "utf8")));
      const complete = { ...manifest, version: inputs.version, revision: revisionOf(inputs) };
      await writeFile(join(into, "snap.json"), `${JSON.stringify(complete, null, 2)}\n`);
    },
  });
}
