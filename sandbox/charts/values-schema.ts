import { z } from "zod";

/** A JSON schema of a chart's values, as far as we write one. */
export interface ValuesSchema {
  type?: "object";
  additionalProperties?: false;
  properties?: Record<string, ValuesSchema>;
}

/** Keys whose content is Kubernetes' own, with keys that the chart's defaults do not show. */
const openKeys = new Set([
  "affinity",
  "annotations",
  "extraLabels",
  "headers",
  "labels",
  "nodeSelector",
  "podSecurityContext",
  "resources",
  "securityContext",
  "selectors",
  "strategy",
]);

const mapSchema = z.record(z.string(), z.unknown());

function schemaOfValue(key: string, value: unknown): ValuesSchema {
  const map = mapSchema.safeParse(value);
  if (openKeys.has(key) || !map.success || Object.keys(map.data).length === 0) {
    return {};
  }
  const properties = Object.entries(map.data).map(([name, inner]): [string, ValuesSchema] => [
    name,
    schemaOfValue(name, inner),
  ]);
  return { type: "object", additionalProperties: false, properties: Object.fromEntries(properties) };
}

/** Adds a path that a template reads, such as `controller.strategy`, where the defaults do not show it. */
function allowPath(schema: ValuesSchema, path: readonly string[]): void {
  const [key, ...rest] = path;
  if (key === undefined || schema.properties === undefined) {
    return;
  }
  const inner = (schema.properties[key] ??= {});
  allowPath(inner, rest);
}

/**
 * A schema that refuses every key that a chart does not know: neither its default values nor its templates have it.
 *
 * @param values content of the chart's values.yaml
 * @param templates texts of the chart's templates
 */
export function strictSchema(values: unknown, templates: readonly string[]): ValuesSchema {
  const schema: ValuesSchema = { ...schemaOfValue("", values) };
  for (const [, path = ""] of templates.join("\n").matchAll(/\.Values\.([A-Za-z0-9_.]+)/g)) {
    allowPath(schema, path.replace(/\.$/, "").split("."));
  }
  allowPath(schema, ["global"]);
  return schema;
}
