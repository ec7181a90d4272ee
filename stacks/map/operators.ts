import type { PlatformMap } from "./platform-map.ts";
import { partsOf, type Interface, type Relation } from "./relation.ts";

/** Interfaces whose consumer gets a Secret, which the secrets operator writes. */
const synced: ReadonlySet<Interface> = new Set(["database", "oauth", "secrets"]);

/** The operator that acts for one end of a relation, and the layer of this end; undefined when none does. */
function service({ consumer, endpoint, interface: kind }: Relation): { layer: string; operator: string } | undefined {
  if (synced.has(kind)) {
    return { layer: partsOf(consumer).layer, operator: "secrets-operator" };
  }
  return kind === "operation" ? { layer: partsOf(endpoint).layer, operator: partsOf(consumer).app } : undefined;
}

/** The operators that serve the model of a layer: the one that writes its Secrets, and those that operate its applications. */
export function operatorsOf({ relations }: PlatformMap, layer: string): string[] {
  const services = relations.flatMap((relation) => service(relation) ?? []);
  return [...new Set(services.filter((each) => each.layer === layer).map(({ operator }) => operator))].sort();
}
