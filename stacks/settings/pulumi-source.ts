import * as pulumi from "@pulumi/pulumi";
import type { SettingsSource } from "./source.ts";

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

/** The configuration of the running stack. Nothing else in the platform reads Pulumi's configuration. */
export function pulumiSource(): SettingsSource {
  const ours = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  return {
    file: `Pulumi.${pulumi.getStack()}.yaml`,
    values: Object.fromEntries(ours.map(([key, value]) => [key.slice(namespace.length), parsed(value)])),
  };
}
