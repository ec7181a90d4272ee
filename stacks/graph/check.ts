import { OperatorError } from "../../components/errors/operator-error.ts";
import type { Application, ApplicationName, Relation } from "../relations.ts";

/** The platform's map: what runs, and who consumes what. */
export interface PlatformMap {
  readonly applications: Readonly<Record<ApplicationName, Application>>;
  readonly relations: readonly Relation[];
}

const table = "stacks/relations.ts";

/** An edge in one word for people: `iam/hydra → iam/postgres (database)`. */
export function edgeName({ consumer, endpoint, interface: kind }: Relation): string {
  return `${consumer} → ${endpoint} (${kind})`;
}

/** What makes two edges of the same ends different. */
function detail(relation: Relation): string {
  switch (relation.interface) {
    case "oauth":
      return relation.client.clientId;
    case "database":
      return relation.database;
    case "secrets":
      return relation.of ?? "";
    default:
      return "";
  }
}

function dangling({ applications }: PlatformMap, relation: Relation): string[] {
  const { consumer, endpoint, interface: kind } = relation;
  const missing = [consumer, endpoint].filter((end) => !(end in applications));
  if (missing.length > 0) {
    return missing.map((end) => `${edgeName(relation)}: there is no application ${end}`);
  }
  const offered = Object.keys(applications[endpoint]?.offers ?? {});
  return offered.includes(kind)
    ? []
    : [`${edgeName(relation)}: ${endpoint} offers ${offered.join(", ") || "nothing"}, not ${kind}`];
}

function duplicates(relations: readonly Relation[]): string[] {
  const keys = relations.map((relation) => `${edgeName(relation)} ${detail(relation)}`.trimEnd());
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))].map((key) => `${key}: declared twice`);
}

/** A way from an application back to itself, in order; undefined when there is none. */
function cycleFrom(relations: readonly Relation[], path: readonly ApplicationName[]): ApplicationName[] | undefined {
  const here = path.at(-1);
  const next = relations.filter(({ consumer }) => consumer === here).map(({ endpoint }) => endpoint);
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

function cycles(relations: readonly Relation[]): string[] {
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
 * Refuses a map that cannot be deployed as it is, before anything is registered.
 *
 * @throws OperatorError naming both ends of every edge that is dangling, declared twice or part of a cycle
 */
export function checkMap(map: PlatformMap): void {
  const problems = [
    ...map.relations.flatMap((relation) => dangling(map, relation)),
    ...duplicates(map.relations),
    ...cycles(map.relations),
  ];
  if (problems.length > 0) {
    throw new OperatorError({
      what: `${problems.length === 1 ? "1 relation is" : `${problems.length} relations are`} wrong:\n  ${problems.join("\n  ")}`,
      where: table,
      remedy: "mend the table as said and run again",
    });
  }
}

type RelationOf<K extends Relation["interface"]> = Extract<Relation, { interface: K }>;

/** The edges of one interface that start at a consumer. */
export function consumed<K extends Relation["interface"]>(
  map: PlatformMap,
  consumer: ApplicationName,
  kind: K,
): readonly RelationOf<K>[] {
  const isWanted = (relation: Relation): relation is RelationOf<K> =>
    relation.consumer === consumer && relation.interface === kind;
  return map.relations.filter(isWanted);
}

/**
 * The one edge of an interface that a consumer has.
 *
 * @throws OperatorError when it is not declared
 */
export function theRelation<K extends Relation["interface"]>(
  map: PlatformMap,
  consumer: ApplicationName,
  kind: K,
  endpoint: ApplicationName,
): RelationOf<K> {
  const found = consumed(map, consumer, kind).find((relation) => relation.endpoint === endpoint);
  if (found === undefined) {
    throw new OperatorError({
      what: `${consumer} uses ${kind} of ${endpoint}, which no relation declares`,
      where: table,
      remedy: `add { consumer: "${consumer}", endpoint: "${endpoint}", interface: "${kind}" } to the table`,
    });
  }
  return found;
}
