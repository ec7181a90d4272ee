import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { exitWithParent } from "../plugins/server/process-life.ts";

const manifest = z.object({ main: z.string().default("index.js") });

/** The file to load: the entry that PulumiPolicy.yaml names, or what package.json has for the folder. */
function entryFile(path: string): string {
  const packageFile = join(path, "package.json");
  if (!existsSync(packageFile)) {
    return path;
  }
  return join(path, manifest.parse(JSON.parse(readFileSync(packageFile, "utf8"))).main);
}

const [entry = ".", ...engineArguments] = process.argv.slice(2);
// A pack sees the arguments that the SDK's own runner would leave it.
process.argv = [process.execPath, entry, ...engineArguments];
exitWithParent(() => Promise.resolve());
// The pack's `new PolicyPack` serves and prints the port; an error ends the process with its trace.
await import(pathToFileURL(entryFile(entry)).href);
