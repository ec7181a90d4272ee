import { z } from "zod";
import { valueAt } from "./schema.ts";
import { distinct, rule, text } from "./values.ts";

/** What the kernel of settings needs to know about a layer. */
export interface LayerSettings {
  readonly name: string;
  readonly needs: readonly string[];
  readonly settings: z.ZodType;
}

const words = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];

/** The names of the layers that the stack deploys, in the order of the platform. */
export function deployedLayers(given: unknown, layers: readonly LayerSettings[]): string[] {
  const named = words(valueAt(given, ["layers"]));
  return layers.map(({ name }) => name).filter((name) => named.includes(name));
}

/** A needed layer is deployed by the same stack or by the upstream stack. */
function upstreamForMissingLayers(layers: readonly LayerSettings[]): z.core.$ZodCheck<unknown> {
  return rule((given) => {
    const deployed = deployedLayers(given, layers);
    const missing = layers
      .filter(({ name }) => deployed.includes(name))
      .flatMap(({ needs }) => needs.filter((name) => !deployed.includes(name)));
    return missing.length === 0 || valueAt(given, ["upstream"]) !== undefined
      ? []
      : [
          {
            path: ["upstream"],
            message: `missing; name the stack that deploys ${[...new Set(missing)].join(" and ")}, or add that to layers`,
          },
        ];
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
  return own.extend(settings.shape).check(upstreamForMissingLayers(layers));
}
