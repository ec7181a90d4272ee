import {
  partsOf,
  type Application,
  type ApplicationName,
  type DeclaredClient,
  type Interface,
  type Relation,
  type RelationOf,
} from "./relation.ts";

/** What a layer adds to the map. */
export interface MapPart {
  readonly layer: string;
  /** Its applications, by their names within the layer. */
  readonly applications: Readonly<Record<string, Application>>;
  /** Relations among its applications, and between them and those of earlier layers. */
  readonly relations: readonly Relation[];
  /** Host names below the platform's domain, by application. Default: none. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** OAuth2 clients of programs outside of the platform. Default: none. */
  readonly clients?: readonly DeclaredClient[];
}

/** All applications and relations of the platform, as far as its layers are deployed. */
export interface PlatformMap {
  readonly applications: ReadonlyMap<ApplicationName, Application>;
  readonly relations: readonly Relation[];
  /** The relations that each layer declares. */
  readonly declaredBy: ReadonlyMap<string, readonly Relation[]>;
  /** Host names below the platform's domain, by application. */
  readonly hosts: ReadonlyMap<ApplicationName, string>;
}

const fullName = (layer: string, app: string): ApplicationName => `${layer}/${app}`;

/** The application that makes the keys of another one. */
export const keyringOf = (name: ApplicationName): ApplicationName => `${name}-keyring`;

/** Adds a relation for each relation with generated keys, because a task writes these keys to Vault. */
function keyringRelations(relations: readonly Relation[]): Relation[] {
  return relations.flatMap((relation) =>
    relation.interface === "secrets" && relation.keys !== undefined
      ? [
          {
            consumer: keyringOf(relation.consumer),
            endpoint: relation.endpoint,
            interface: "vault-api",
            use: "keyring",
            keysOf: partsOf(relation.consumer).app,
          },
        ]
      : [],
  );
}

function applicationsOf(
  { layer, applications }: MapPart,
  derived: readonly Relation[],
): [ApplicationName, Application][] {
  const declared = Object.entries(applications).map(([app, application]): [ApplicationName, Application] => [
    fullName(layer, app),
    application,
  ]);
  return [...declared, ...derived.map(({ consumer }): [ApplicationName, Application] => [consumer, {}])];
}

/**
 * Assembles the map of the layers that are deployed.
 *
 * @param parts - the parts of these layers, in order of deployment. A relation with an end in another layer is left out
 */
export function assembleMap(parts: readonly MapPart[]): PlatformMap {
  const layers = new Set(parts.map(({ layer }) => layer));
  const isDeployed = ({ consumer, endpoint }: Relation): boolean =>
    layers.has(partsOf(consumer).layer) && layers.has(partsOf(endpoint).layer);
  const all = parts.map((part) => {
    const declared = part.relations.filter(isDeployed);
    return { part, declared, derived: keyringRelations(declared) };
  });
  return {
    applications: new Map(all.flatMap(({ part, derived }) => applicationsOf(part, derived))),
    relations: all.flatMap(({ declared, derived }) => [...declared, ...derived]),
    declaredBy: new Map(all.map(({ part, declared, derived }) => [part.layer, [...declared, ...derived]])),
    hosts: new Map(
      parts.flatMap(({ layer, hosts = {} }) =>
        Object.entries(hosts).map(([app, host]): [ApplicationName, string] => [fullName(layer, app), host]),
      ),
    ),
  };
}

/** The applications of a layer, in the order of their declaration. */
export function applicationsIn({ applications }: PlatformMap, layer: string): ApplicationName[] {
  return [...applications.keys()].filter((name) => partsOf(name).layer === layer);
}

/** The relations of one interface that start at a consumer. */
export function consumed<K extends Interface>(
  map: PlatformMap,
  consumer: ApplicationName,
  kind: K,
): readonly RelationOf<K>[] {
  const isWanted = (relation: Relation): relation is Extract<Relation, RelationOf<K>> =>
    relation.consumer === consumer && relation.interface === kind;
  return map.relations.filter(isWanted);
}
