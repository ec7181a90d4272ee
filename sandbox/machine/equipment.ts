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
  // Python leaves compiled copies next to sources that a test ran.
  return files.filter((file) => !file.includes("__pycache__"));
}

/** What a machine is given when it starts, in one word: it changes when a copied file or a shared folder does. */
export async function equipmentOf(spec: MachineSpec): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([spec.shares, spec.files, spec.memoryBytes]));
  for (const { outside } of spec.files) {
    for (const file of (await filesBelow(outside)).sort()) {
      hash.update(file).update(await readFile(file));
    }
  }
  return hash.digest("hex");
}

const note = (name: string): string => cacheFolder("machines", name, "equipment");

/** What the machine was given when it last started; empty before the first time. */
export async function recordedEquipment(name: string): Promise<string> {
  return readFile(note(name), "utf8").catch(() => "");
}

export async function recordEquipment(name: string, equipment: string): Promise<void> {
  await writeFile(note(name), equipment);
}
