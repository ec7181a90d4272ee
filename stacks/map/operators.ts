import type { PlatformMap } from "./platform-map.ts";
import { partsOf, type Relation } from "./relation.ts";

/** Layer of the operators. */
const operatorsLayer = "foundation";

/** The operator that acts in the namespace of the other end, by a relation between the two or for its consumer. */
function operatorOf({ consumer, interface: kind }: Relation): string | undefined {
  if (kind === "secrets") {
    return "secrets-operator";
  }
  return kind === "operation" && partsOf(consumer).layer === operatorsLayer ? partsOf(consumer).app : undefined;
}

/** The operators that serve the model of a layer: those that sync its secrets, and those that operate an application of it. */
export function operatorsOf(map: PlatformMap, layer: string): string[] {
  const operators = map.relations.flatMap((relation) => {
    const served = relation.interface === "secrets" ? relation.consumer : relation.endpoint;
    const operator = partsOf(served).layer === layer ? operatorOf(relation) : undefined;
    return operator === undefined ? [] : [operator];
  });
  return [...new Set(operators)].sort();
}
