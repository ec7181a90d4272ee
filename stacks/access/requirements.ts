import { valueAt } from "../settings/schema.ts";
import type { Breach } from "../settings/values.ts";

/** Addons that every layer with a model uses: names, volumes, and the way in. */
const usedAddons = ["dns", "hostpath-storage", "ingress"];

/** The operators of the foundation that every layer with a model uses. */
const usedOperators = ["postgresOperator", "secretsOperator"];

function missingAddons(layer: string, given: unknown): Breach[] {
  const path = ["foundation", "cluster", "addons"];
  const enabled = valueAt(given, path);
  const isAdopted = valueAt(given, ["foundation", "cluster", "kubeconfig"]) !== undefined;
  return isAdopted || !Array.isArray(enabled)
    ? []
    : usedAddons
        .filter((addon) => !enabled.includes(addon))
        .map((addon) => ({ path, message: `${addon} is missing, and the layer ${layer} needs it` }));
}

/**
 * What a layer with a model requires of the settings of the foundation.
 *
 * An existing cluster brings its own addons. Its operators are those of the platform.
 *
 * @param layer - name of the layer, for the message
 * @param given - settings of the deployed layers by name
 */
export function requiredOfFoundation(layer: string, given: unknown): readonly Breach[] {
  const switchedOff = usedOperators
    .map((operator) => ["foundation", operator, "enabled"])
    .filter((path) => valueAt(given, path) === false)
    .map((path) => ({ path, message: `the layer ${layer} needs this operator; expected true, got false` }));
  return [...switchedOff, ...missingAddons(layer, given)];
}
