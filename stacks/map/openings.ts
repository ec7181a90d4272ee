import type { PodsOf } from "../../components/kubernetes/application.ts";
import type { OpeningArgs } from "../../components/kubernetes/opening.ts";
import { applicationsIn, type PlatformMap } from "./platform-map.ts";
import { partsOf, type ApplicationName, type Interface } from "./relation.ts";

/** Interfaces without a connection between the pods: an OAuth2 client uses the ingress, and an operator syncs secrets. */
const indirect: ReadonlySet<Interface> = new Set(["oauth", "secrets"]);

/** A NetworkPolicy that lets one application connect to another. */
export interface NamedOpening extends OpeningArgs {
  readonly name: string;
  /** Both ends. */
  readonly ends: readonly [consumer: ApplicationName, endpoint: ApplicationName];
}

function podsOf({ applications }: PlatformMap, name: ApplicationName): PodsOf & { readonly application: string } {
  const { layer, app } = partsOf(name);
  return { namespace: applications.get(name)?.namespace ?? layer, application: app };
}

function callersOf(map: PlatformMap, name: ApplicationName): PodsOf {
  const pods = podsOf(map, name);
  return map.applications.get(name)?.labelled === false ? { namespace: pods.namespace } : pods;
}

function nameOf(consumer: ApplicationName, endpoint: ApplicationName): string {
  const [from, to] = [partsOf(consumer), partsOf(endpoint)];
  return `${to.layer}-${to.app}-from-${from.layer === to.layer ? from.app : `${from.layer}-${from.app}`}`;
}

/** The openings of the relations that a layer declares, one for each pair of applications, and those between its peers. */
export function openingsOf(map: PlatformMap, layer: string): NamedOpening[] {
  const openings = new Map<string, NamedOpening>();
  const open = (consumer: ApplicationName, endpoint: ApplicationName, ports: readonly number[]): void => {
    const name = nameOf(consumer, endpoint);
    const all = [...new Set([...(openings.get(name)?.ports ?? []), ...ports])].sort((one, other) => one - other);
    const ends = { from: callersOf(map, consumer), to: podsOf(map, endpoint) };
    openings.set(name, { name, ...ends, ports: all, ends: [consumer, endpoint] });
  };
  for (const { consumer, endpoint, interface: kind } of map.declaredBy.get(layer) ?? []) {
    if (!indirect.has(kind)) {
      open(consumer, endpoint, map.applications.get(endpoint)?.offers?.[kind] ?? []);
    }
  }
  for (const name of applicationsIn(map, layer)) {
    const peers = map.applications.get(name)?.peers ?? [];
    if (peers.length > 0) {
      open(name, name, peers);
    }
  }
  return [...openings.values()];
}
