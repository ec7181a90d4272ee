import { z } from "zod";
import { deployedLayers, type LayerSettings } from "./deployed-layers.ts";
import { factsOf, shapesOf, valueAt, type Schema } from "./schema.ts";
import { settingPath } from "./setting-path.ts";
import type { Breach } from "./values.ts";

/** A host name, and the setting that gives it. */
export interface HostName {
  readonly name: string;
  /** Path of the setting; its first part is the name of the layer. */
  readonly path: readonly string[];
}

const isHostName = (schema: Schema): boolean => z.globalRegistry.get(factsOf(schema).base)?.["hostName"] === true;

/** A part that is switched off has no host. */
const isSwitchedOff = (given: unknown): boolean => valueAt(given, ["enabled"]) === false;

function namesIn(schema: Schema, given: unknown, path: readonly string[]): HostName[] {
  if (isHostName(schema)) {
    const name = given ?? factsOf(schema).defaultValue;
    return typeof name === "string" ? [{ name, path }] : [];
  }
  return shapesOf(factsOf(schema).base).flatMap((shape) =>
    isSwitchedOff(given)
      ? []
      : Object.entries(shape._zod.def.shape).flatMap(([key, part]) =>
          namesIn(part, valueAt(given, [key]), [...path, key]),
        ),
  );
}

/**
 * The host names below the platform's domain that the layers of a stack use, given or by default.
 *
 * @param given - settings of the stack; they may be incomplete
 */
export function hostNames(layers: readonly LayerSettings[], given: unknown): HostName[] {
  return deployedLayers(given, layers).flatMap(({ name, settings }) =>
    namesIn(settings, valueAt(given, [name]), [name]),
  );
}

/** Host names that two settings give: the ingress would send the people of both to one of the applications. */
export function sharedHostNames(layers: readonly LayerSettings[], given: unknown): Breach[] {
  const all = hostNames(layers, given);
  return all.flatMap(({ name, path }, index) => {
    const first = all.findIndex((other) => other.name === name);
    const holder = all[first];
    return holder === undefined || first === index
      ? []
      : [{ path, message: `${JSON.stringify(name)} is also the host name of ${settingPath(holder.path)}` }];
  });
}
