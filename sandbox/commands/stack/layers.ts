import { OperatorError } from "../../../components/errors/operator-error.ts";
import { UsageError } from "../command.ts";

/** What must be known of a layer to choose it. */
interface ChoosableLayer {
  readonly name: string;
  readonly needs: readonly string[];
}

/**
 * The layers that `LAYERS` names, with every layer that they need.
 *
 * @param named names, separated by commas
 * @param layers every layer, in order of deployment
 * @returns names in order of deployment
 * @throws UsageError when a layer does not exist
 */
export function chosenLayers(named: string, layers: readonly ChoosableLayer[]): string[] {
  const chosen = new Set<string>();
  const choose = (name: string): void => {
    const layer = layers.find((candidate) => candidate.name === name);
    if (layer === undefined) {
      throw new UsageError(`unknown layer "${name}"; there are ${layers.map((one) => one.name).join(", ")}`);
    }
    chosen.add(name);
    layer.needs.forEach(choose);
  };
  named.split(",").forEach((name) => {
    choose(name.trim());
  });
  return layers.map(({ name }) => name).filter((name) => chosen.has(name));
}

/**
 * Refuses a choice that leaves out a layer of the stack: its removal would delete the data of the layer.
 *
 * @throws OperatorError that names the layers
 */
export function refuseRemoval(deployed: readonly string[], chosen: readonly string[]): void {
  const removed = deployed.filter((name) => !chosen.includes(name));
  if (removed.length > 0) {
    throw new OperatorError({
      what: `the sandbox's stack has ${removed.join(" and ")}, which LAYERS leaves out; this would delete all that ${removed.length === 1 ? "it holds" : "they hold"}`,
      where: `LAYERS=${chosen.join(",")}`,
      remedy: `add ${removed.join(",")} to LAYERS, or delete the whole sandbox first: make reset`,
    });
  }
}
