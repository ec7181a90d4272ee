import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { exitWithParent } from "../plugins/server/exit-with-parent.ts";

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
// The SDK's own runner passes the same arguments to the pack.
process.argv = [process.execPath, entry, ...engineArguments];
exitWithParent(() => Promise.resolve());
// The pack calls `new PolicyPack`, which starts its server and prints the port. An error ends the process with its
// stack trace.
await import(pathToFileURL(entryFile(entry)).href);
