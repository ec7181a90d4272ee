import { closest } from "fastest-levenshtein";
import { OperatorError } from "../../../../components/operator-error.ts";
import { pathOf } from "./differences.ts";
import type { CheckFailure } from "./plugin.ts";
import type { Properties } from "./values.ts";

/** One failure for each name that is not known, with the nearest known one. */
export function refuseUnknownNames(values: Properties, known: readonly string[], parent = ""): CheckFailure[] {
  return Object.keys(values)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      property: pathOf(parent, name),
      reason: `${name} is not a property this plugin knows; did you mean ${closest(name, known)}?`,
    }));
}

/** The error for a type token that a plugin does not have. */
export function unknownToken(type: string, plugin: { readonly name: string; readonly version: string }): OperatorError {
  return new OperatorError({
    what: `the resource type ${type} is not known`,
    where: `plugin ${plugin.name} ${plugin.version} of the sandbox's toolchain`,
    remedy: "use a type the plugin has, or install the vendor's plugin",
  });
}

/** The error for a provider setting that a plugin does not have. */
export function unknownSetting(
  name: string,
  plugin: { readonly name: string; readonly version: string },
): OperatorError {
  return new OperatorError({
    what: `the provider setting ${name} is not known`,
    where: `plugin ${plugin.name} ${plugin.version} of the sandbox's toolchain`,
    remedy: "leave it out of the provider's arguments",
  });
}
