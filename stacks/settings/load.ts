import { OperatorError } from "../../components/errors/operator-error.ts";
import { platformSchema, type LayerSchemas, type PlatformSettings } from "./platform-settings.ts";
import { problemLines } from "./problems.ts";
import type { SettingsSource } from "./source.ts";

function deployedLayers(values: SettingsSource["values"], schemas: LayerSchemas): string[] {
  const named: unknown = values["layers"];
  return Array.isArray(named) ? Object.keys(schemas).filter((name) => named.includes(name)) : [];
}

/** What was given, with an empty mapping for a deployed layer without settings: its defaults may be all it needs. */
function completed(values: SettingsSource["values"], layers: readonly string[]): Record<string, unknown> {
  return { ...Object.fromEntries(layers.map((name) => [name, {}])), ...values };
}

/**
 * Reads and checks all settings of a stack, and fills in the defaults.
 *
 * The settings of a layer that the stack does not deploy are checked all the same, so that they do not rot, but are
 * not in the result: a layer's settings are there exactly when `layers` names the layer.
 *
 * @throws OperatorError naming every problem at once
 */
export function loadSettings<S extends LayerSchemas>(source: SettingsSource, schemas: S): PlatformSettings<S> {
  const schema = platformSchema(schemas);
  const layers = deployedLayers(source.values, schemas);
  const given = completed(source.values, layers);
  const result = schema.safeParse(given);
  if (!result.success) {
    const lines = problemLines(schema, given, result.error.issues, source.file);
    throw new OperatorError({
      what: `${lines.length === 1 ? "1 setting is" : `${lines.length} settings are`} wrong:\n  ${lines.join("\n  ")}`,
      where: source.file,
      remedy: "mend them as said and run again; docs/reference/settings.md explains every setting",
    });
  }
  const idle = Object.keys(schemas).filter((name) => !layers.includes(name));
  return schema.parse(Object.fromEntries(Object.entries(given).filter(([key]) => !idle.includes(key))));
}
