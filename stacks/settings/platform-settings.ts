import { z } from "zod";
import { deployedLayers, type LayerSettings } from "./deployed-layers.ts";
import { sharedHostNames } from "./host-names.ts";
import { valueAt } from "./schema.ts";
import { distinct, rule, text } from "./values.ts";

/** A needed layer is deployed by the same stack or by the upstream stack. */
function upstreamForMissingLayers(layers: readonly LayerSettings[]): z.core.$ZodCheck<unknown> {
  return rule((given) => {
    const deployed = deployedLayers(given, layers);
    const names = deployed.map(({ name }) => name);
    const missing = [...new Set(deployed.flatMap(({ needs }) => needs.filter((name) => !names.includes(name))))];
    return missing.length === 0 || valueAt(given, ["upstream"]) !== undefined
      ? []
      : [
          {
            path: ["upstream"],
            message: `missing; name the stack that deploys ${missing.join(" and ")}, or add ${missing.length === 1 ? "it" : "them"} to layers`,
          },
        ];
  });
}

/** What the deployed layers require of each other. The settings of a layer that the stack does not deploy have no effect. */
function requirements(layers: readonly LayerSettings[]): z.core.$ZodCheck<unknown> {
  return rule((given) => {
    const deployed = deployedLayers(given, layers);
    const settings = Object.fromEntries(deployed.map(({ name }) => [name, valueAt(given, [name])]));
    return [...sharedHostNames(layers, given), ...deployed.flatMap(({ requires }) => requires?.(settings) ?? [])];
  });
}

/**
 * The schema of everything below `bibind:`: the platform's own settings, and the settings of each layer below its name.
 *
 * In this schema, the settings of a layer are optional. `loadSettings` requires those of the layers that the stack deploys.
 */
export function platformSchema(layers: readonly LayerSettings[]) {
  const names = layers.map(({ name }) => name);
  const own = z.strictObject({
    layers: distinct(z.enum(names))
      .meta({ expected: `a list with any of ${names.join(", ")}` })
      .describe(
        "Layers that this stack deploys, in any order. If you remove a layer, its resources and data are deleted: see `protectData`.",
      ),
    upstream: text('a stack name such as "organization/bibind/ovh"', /^([\w.-]+\/){0,2}[\w.-]+$/)
      .optional()
      .describe("Stack that deploys the layers which this stack needs and does not deploy."),
    protectData: z
      .boolean()
      .default(true)
      .describe(
        "Whether `pulumi up` and `pulumi destroy` refuse to delete or replace what holds data, such as PostgreSQL and Vault. " +
          "Set it to false and run `pulumi up` before you delete data on purpose.",
      ),
  });
  const settings = z.strictObject(Object.fromEntries(layers.map((layer) => [layer.name, layer.settings]))).partial();
  return own.extend(settings.shape).check(upstreamForMissingLayers(layers), requirements(layers));
}
