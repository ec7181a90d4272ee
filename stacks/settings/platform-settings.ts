import { z } from "zod";
import { distinct, rule, text } from "./values.ts";
import { valueAt } from "./anatomy.ts";

/** Every layer of the platform, in order of deployment. */
export const layerNames = ["foundation", "iam", "jimm", "delivery", "automate", "bibind", "apibibind"] as const;

export type LayerName = (typeof layerNames)[number];

/** The settings schemas of the layers that a program can deploy. */
export type LayerSchemas = Partial<Record<LayerName, z.ZodType>>;

const upstreamWhenPartial = rule((given) => {
  const layers = valueAt(given, ["layers"]);
  if (!Array.isArray(layers) || layers.includes("foundation")) {
    return [];
  }
  return valueAt(given, ["upstream"]) === undefined
    ? [{ path: ["upstream"], message: "missing; name the stack that deploys the layer foundation" }]
    : [];
});

/**
 * The schema of everything below `bibind:`: the platform's own settings, and each layer's at the layer's name.
 *
 * A layer's settings are optional here; `loadSettings` requires those of the layers that the stack deploys.
 */
export function platformSchema<S extends LayerSchemas>(schemas: S) {
  const available = layerNames.filter((name) => name in schemas);
  const own = z.strictObject({
    layers: distinct(z.enum(available))
      .meta({ expected: `a list out of ${available.join(", ")}` })
      .describe(
        "Layers that this stack deploys, in any order. Taking a layer out deletes what it holds at the next `pulumi up`.",
      ),
    upstream: text('a stack name such as "organization/bibind/ovh"', /^([\w.-]+\/){0,2}[\w.-]+$/)
      .optional()
      .describe("Stack whose outputs take the place of the layers that this stack does not deploy."),
  });
  return own.extend(z.strictObject(schemas).partial().shape).check(upstreamWhenPartial);
}

/** All settings of a stack. A layer's are there exactly when the stack deploys the layer. */
export type PlatformSettings<S extends LayerSchemas> = z.output<ReturnType<typeof platformSchema<S>>>;
