import { OperatorError } from "../../components/errors/operator-error.ts";
import { consumed, type MapPart, type PlatformMap } from "./platform-map.ts";
import {
  partsOf,
  relationName,
  type ApplicationName,
  type Interface,
  type Relation,
  type RelationOf,
} from "./relation.ts";

/** Interfaces that must work while the consumer is deployed. Only relations of these interfaces must not form a cycle. */
const neededToDeploy: ReadonlySet<Interface> = new Set(["database", "database-users", "secrets", "vault-api"]);

/** Distinguishes two relations of the same ends and interface. */
function detail(relation: Relation): string {
  switch (relation.interface) {
    case "oauth":
      return relation.client.clientId;
    case "database":
      return relation.database;
    default:
      return "";
  }
}

/** The map's facts that a relation is checked against. */
interface Declared {
  /** Layers in order of deployment. */
  readonly layers: readonly string[];
  readonly offers: ReadonlyMap<ApplicationName, readonly string[]>;
}

function declaredIn(parts: readonly MapPart[]): Declared {
  return {
    layers: parts.map(({ layer }) => layer),
    offers: new Map(
      parts.flatMap(({ layer, applications }) =>
        Object.entries(applications).map(([app, { offers = {} }]) => [`${layer}/${app}`, Object.keys(offers)] as const),
      ),
    ),
  };
}

function danglingEnds(relation: Relation, { offers }: Declared): string[] {
  const { consumer, endpoint, interface: kind } = relation;
  const missing = [consumer, endpoint].filter((end) => !offers.has(end));
  if (missing.length > 0) {
    return missing.map((end) => `${relationName(relation)}: there is no application ${end}`);
  }
  const offered = offers.get(endpoint) ?? [];
  return offered.includes(kind)
    ? []
    : [`${relationName(relation)}: ${endpoint} offers ${offered.join(", ") || "nothing"}, not ${kind}`];
}

/** A layer declares the relations of its own applications, and only to layers that are deployed before it. */
function misplaced(layer: string, relation: Relation, { layers }: Declared): string[] {
  const ends = [relation.consumer, relation.endpoint].map((name) => partsOf(name).layer);
  const latest = layers[Math.max(...ends.map((end) => layers.indexOf(end)))];
  return latest === undefined || latest === layer
    ? []
    : [`${relationName(relation)}: layer ${layer} declares it, but it belongs to layer ${latest}`];
}

function foreignDatabase(relation: Relation): string[] {
  const { consumer, endpoint, interface: kind } = relation;
  return kind === "database" && partsOf(consumer).layer !== partsOf(endpoint).layer
    ? [`${relationName(relation)}: an application has its database in the PostgreSQL cluster of its own layer`]
    : [];
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function duplicates(relations: readonly Relation[]): string[] {
  const names = relations.map((relation) => `${relationName(relation)} ${detail(relation)}`.trimEnd());
  return repeated(names).map((name) => `${name}: declared twice`);
}

function duplicateClients(parts: readonly MapPart[], relations: readonly Relation[]): string[] {
  const own = relations.flatMap((relation) => (relation.interface === "oauth" ? [relation.client] : []));
  const clients = [...own, ...parts.flatMap(({ clients = [] }) => clients)];
  return repeated(clients.map(({ clientId }) => clientId)).map((id) => `OAuth2 client ${id}: declared twice`);
}

/** A path from an application back to itself; undefined when there is none. */
function cycleFrom(relations: readonly Relation[], path: readonly ApplicationName[]): ApplicationName[] | undefined {
  const last = path.at(-1);
  const next = relations.filter(({ consumer }) => consumer === last).map(({ endpoint }) => endpoint);
  for (const endpoint of next) {
    if (endpoint === path[0]) {
      return [...path, endpoint];
    }
    const found = path.includes(endpoint) ? undefined : cycleFrom(relations, [...path, endpoint]);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function cycles(all: readonly Relation[]): string[] {
  const relations = all.filter(({ interface: kind }) => neededToDeploy.has(kind));
  const found = new Map<string, string>();
  for (const consumer of new Set(relations.map((relation) => relation.consumer))) {
    const cycle = cycleFrom(relations, [consumer]);
    if (cycle !== undefined) {
      const key = [...new Set(cycle)].sort().join(" ");
      found.set(key, found.get(key) ?? `${cycle.join(" → ")}: a cycle, in which nothing can be deployed first`);
    }
  }
  return [...found.values()];
}

/**
 * Refuses relations that cannot be deployed, before anything is registered.
 *
 * @param parts - the parts of all layers of the program, in order of deployment, deployed or not
 * @throws OperatorError that names both ends of every wrong relation: one end does not exist, the wrong layer declares it,
 * it is declared twice, or it is part of a cycle
 */
export function checkRelations(parts: readonly MapPart[]): void {
  const declared = declaredIn(parts);
  const relations = parts.flatMap((part) => part.relations);
  const problems = [
    ...relations.flatMap((relation) => danglingEnds(relation, declared)),
    ...parts.flatMap((part) => part.relations.flatMap((relation) => misplaced(part.layer, relation, declared))),
    ...relations.flatMap(foreignDatabase),
    ...duplicates(relations),
    ...duplicateClients(parts, relations),
    ...cycles(relations),
  ];
  if (problems.length > 0) {
    throw new OperatorError({
      what: `${problems.length === 1 ? "1 relation is" : `${problems.length} relations are`} wrong:\n  ${problems.join("\n  ")}`,
      where: "relations.ts of the layers, and the setting bibind:iam.oauthClients",
      remedy: "correct them and run again",
    });
  }
}

/**
 * The only relation of an interface between two applications.
 *
 * @throws OperatorError when no layer declares it
 */
export function theRelation<K extends Interface>(
  map: PlatformMap,
  consumer: ApplicationName,
  kind: K,
  endpoint: ApplicationName,
): RelationOf<K> {
  const found = consumed(map, consumer, kind).find((relation) => relation.endpoint === endpoint);
  if (found === undefined) {
    throw new OperatorError({
      what: `${consumer} uses ${kind} of ${endpoint}, and no relation declares it`,
      where: `stacks/${partsOf(consumer).layer}/relations.ts`,
      remedy: `add { consumer: "${consumer}", endpoint: "${endpoint}", interface: "${kind}" }`,
    });
  }
  return found;
}
