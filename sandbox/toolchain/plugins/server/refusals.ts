import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { ResourcePlugin } from "./plugin.ts";
import type { Properties } from "./values.ts";

type Named = Pick<ResourcePlugin, "name" | "version">;

function whereOf({ name, version }: Named): string {
  return `plugin ${name} ${version} of the sandbox's toolchain`;
}

/** The error for a resource type that a plugin does not have. */
export function unknownType(type: string, plugin: Named, known: Iterable<string>): OperatorError {
  return new OperatorError({
    what: `the resource type ${type} is not known`,
    where: whereOf(plugin),
    remedy: `use ${[...known].join(" or ")}, or install the vendor's plugin`,
  });
}

/** The error for a function that a plugin does not have. */
export function unknownFunction(token: string, plugin: Named): OperatorError {
  return new OperatorError({
    what: `the function ${token} is not known`,
    where: whereOf(plugin),
    remedy: "use a resource, or install the vendor's plugin",
  });
}

/** Refuses every setting, for a provider that has none. @throws OperatorError that names the first setting */
export function refuseSettings(settings: Properties, plugin: Named): void {
  const [name] = Object.keys(settings);
  if (name !== undefined) {
    throw new OperatorError({
      what: `the provider setting ${name} is not known`,
      where: whereOf(plugin),
      remedy: "remove it from the provider's arguments",
    });
  }
}
