import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../builds/folders.ts";
import type { MachineSpec } from "./spec.ts";

async function filesBelow(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) {
    return [path];
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // When a test runs Python sources, Python writes compiled files next to them.
  return files.filter((file) => !file.includes("__pycache__"));
}

/** A hash of a machine's shared folders, copied files and memory limit. When it changes, the machine must restart. */
export async function fingerprintOf(spec: MachineSpec): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([spec.shares, spec.files, spec.memoryBytes]));
  for (const { source } of spec.files) {
    for (const file of (await filesBelow(source)).sort()) {
      hash.update(file).update(await readFile(file));
    }
  }
  return hash.digest("hex");
}

const recordFile = (name: string): string => cacheFolder("machines", name, "fingerprint");

/** The fingerprint of the machine's last start. Empty before the first start. */
export async function recordedFingerprint(name: string): Promise<string> {
  return readFile(recordFile(name), "utf8").catch(() => "");
}

export async function recordFingerprint(name: string, fingerprint: string): Promise<void> {
  await writeFile(recordFile(name), fingerprint);
}
