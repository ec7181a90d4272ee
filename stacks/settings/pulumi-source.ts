import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseDocument } from "yaml";
import { valueAt } from "./schema.ts";
import type { IsEncrypted, SettingsSource } from "./source.ts";

const namespace = "bibind:";

/** Values that are not plain texts: mappings, lists, true and false. */
const structured = /^\s*[{[]|^(true|false)$/;

/**
 * A value as the operator wrote it. The engine passes mappings and lists as JSON, and any other value as text.
 *
 * A text that only looks like JSON stays a text; the schema then reports what it expects.
 */
function parsed(text: string): unknown {
  if (!structured.test(text)) {
    return text;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The keys in whose values the engine decrypted something. The SDK reads the same variable, and does not export it. */
function keysWithSecrets(): readonly unknown[] {
  const keys: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  return Array.isArray(keys) ? keys : [];
}

/**
 * The engine says only which keys have a secret somewhere inside, such as `bibind:foundation`. The file says which
 * settings are encrypted. It may be missing or another one: `pulumi --config-file` reads any file.
 */
function encryption(file: string): IsEncrypted {
  const keys = keysWithSecrets();
  const inFile: unknown = existsSync(file) ? parseDocument(readFileSync(file, "utf8")).toJS() : undefined;
  return ([first, ...rest]) => {
    const key = `${namespace}${String(first)}`;
    return keys.includes(key) && typeof valueAt(inFile, ["config", key, ...rest]) !== "string";
  };
}

/**
 * The configuration of the running stack. Nothing else in the platform reads Pulumi's configuration.
 *
 * @param folder - folder of the settings file; default: the program's, in which the engine starts it
 */
export function pulumiSource(folder = process.cwd()): SettingsSource {
  const ours = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  const file = `Pulumi.${pulumi.getStack()}.yaml`;
  return {
    file,
    values: Object.fromEntries(ours.map(([key, value]) => [key.slice(namespace.length), parsed(value)])),
    isEncrypted: encryption(join(folder, file)),
  };
}
