import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { settingsFile } from "../../sandbox/commands/stack/folder.ts";

/** A change of the sandbox's settings: a path below `config`, and the new value. Undefined removes the setting. */
export type Change = readonly [path: readonly (string | number)[], value: unknown];

/** Path of a setting of the layer foundation. */
export const foundation = (...path: readonly (string | number)[]): readonly (string | number)[] => [
  "bibind:foundation",
  ...path,
];

/** Writes a changed copy of the sandbox's settings. @returns the path of the copy, for `--config-file` */
export function changedSettings(...changes: readonly Change[]): string {
  const copy = join(mkdtempSync(join(tmpdir(), "bibind-settings-")), "Pulumi.sandbox.yaml");
  copyFileSync(settingsFile(), copy);
  const document = parseDocument(readFileSync(copy, "utf8"));
  for (const [path, value] of changes) {
    if (value === undefined) {
      document.deleteIn(["config", ...path]);
    } else {
      document.setIn(["config", ...path], value);
    }
  }
  writeFileSync(copy, document.toString(), { mode: 0o600 });
  return copy;
}
