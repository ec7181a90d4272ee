import { z } from "zod";
import { deployedLayers, type LayerSettings } from "./platform-settings.ts";
import { factsOf, shapesOf, valueAt, type Schema } from "./schema.ts";

const isHostName = (schema: Schema): boolean => z.globalRegistry.get(factsOf(schema).base)?.["hostName"] === true;

function namesIn(schema: Schema, given: unknown): string[] {
  if (isHostName(schema)) {
    const name = given ?? factsOf(schema).defaultValue;
    return typeof name === "string" ? [name] : [];
  }
  return shapesOf(factsOf(schema).base).flatMap((shape) =>
    Object.entries(shape._zod.def.shape).flatMap(([key, part]) => namesIn(part, valueAt(given, [key]))),
  );
}

/**
 * The host names below the platform's domain that the layers of a stack use, given or by default.
 *
 * @param given - settings of the stack; they may be incomplete
 */
export function hostNames(layers: readonly LayerSettings[], given: unknown): string[] {
  const deployed = deployedLayers(given, layers);
  return layers
    .filter(({ name }) => deployed.includes(name))
    .flatMap(({ name, settings }) => namesIn(settings, valueAt(given, [name])));
}
