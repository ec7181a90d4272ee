import { containsUnknown, isObject, type Properties } from "../../server/values.ts";
import { trimSlashes } from "./mapping.ts";

const placeholder = /\{(\w+)\}/g;

/** Replaces the placeholders of a template such as `auth/{backend}/role/{roleName}`. */
export function filled(template: string, values: Properties): string {
  return template.replace(placeholder, (_whole, name: string) => trimSlashes(values[name]));
}

/** Like `filled`; undefined when a value is unknown in a preview. */
export function filledIfKnown(template: string, values: Properties): string | undefined {
  const names = [...template.matchAll(placeholder)].map((match) => match[1] ?? "");
  return names.some((name) => containsUnknown(values[name])) ? undefined : filled(template, values);
}

/** The values of the placeholders in a path of this template; empty when the path does not match. */
export function valuesIn(template: string, path: string): Properties {
  const names: string[] = [];
  const quoted = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  const pattern = quoted.replace(placeholder, (_whole, name: string) => {
    names.push(name);
    return names.length === 1 && template.endsWith(`{${name}}`) ? "(.+)" : "(.+?)";
  });
  const match = new RegExp(`^${pattern}$`).exec(path);
  return Object.fromEntries(
    names.flatMap((name, index) => (match?.[index + 1] === undefined ? [] : [[name, match[index + 1] ?? ""]])),
  );
}

/** A string property; empty when it is not set. */
export function textOf(values: Properties, name: string): string {
  const value = values[name];
  return typeof value === "string" ? value : "";
}

/** A property that is an object; empty when it is not set. */
export function objectOf(values: Properties, name: string): Properties {
  const value = values[name];
  return isObject(value) ? value : {};
}
