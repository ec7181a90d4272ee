import { OperatorError } from "../../../../components/errors/operator-error.ts";

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
