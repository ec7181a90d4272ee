import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { exitWithParent } from "../plugins/server/process-life.ts";

const manifest = z.object({ main: z.string().default("index.js") });

/** The file to load: the entry point in PulumiPolicy.yaml, or the main file of its folder. */
function entryFile(path: string): string {
  const packageFile = join(path, "package.json");
  if (!existsSync(packageFile)) {
    return path;
  }
  return join(path, manifest.parse(JSON.parse(readFileSync(packageFile, "utf8"))).main);
}

const [entry = ".", ...engineArguments] = process.argv.slice(2);
// The pack gets the same arguments as from the SDK's own runner.
process.argv = [process.execPath, entry, ...engineArguments];
exitWithParent(() => Promise.resolve());
// `new PolicyPack` in the pack serves it and prints the port. An error ends the process with its trace.
await import(pathToFileURL(entryFile(entry)).href);
