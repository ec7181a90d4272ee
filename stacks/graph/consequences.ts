import type { OpeningArgs } from "../../components/kubernetes/opening.ts";
import type { PodsOf } from "../../components/kubernetes/application.ts";
import { databaseRole } from "../../components/access/leased-database-user.ts";
import { keyringPolicy, reconcilerPolicy, workloadPolicy } from "../../components/vault/policies/workloads.ts";
import type { ApplicationName, DeclaredClient, Relation } from "../relations.ts";
import { consumed, theRelation, type PlatformMap } from "./check.ts";

/** The two parts of an application's name. */
export function partsOf(application: ApplicationName): { readonly layer: string; readonly app: string } {
  const [layer = "", app = ""] = application.split("/");
  return { layer, app };
}

function podsOf({ applications }: PlatformMap, name: ApplicationName): PodsOf & { readonly application: string } {
  const { layer, app } = partsOf(name);
  return { namespace: applications[name]?.namespace ?? layer, application: app };
}

function callersOf(map: PlatformMap, name: ApplicationName): PodsOf {
  const pods = podsOf(map, name);
  return map.applications[name]?.labelled === false ? { namespace: pods.namespace } : pods;
}

/** A NetworkPolicy's opening, and the name that it gets. */
export interface NamedOpening extends OpeningArgs {
  readonly name: string;
}

/** Who is only an OAuth2 client comes through the front door, and who reads its own secrets is brought them. */
function isIndirect(relation: Relation): boolean {
  return relation.interface === "oauth" || (relation.interface === "secrets" && relation.use === "own");
}

/**
 * Every way in to the applications of a layer, one for each two ends. The front door and the operator that brings secrets
 * have edges of their own.
 */
export function openingsInto(map: PlatformMap, layer: string): NamedOpening[] {
  const openings = new Map<string, NamedOpening>();
  const open = (consumer: ApplicationName, endpoint: ApplicationName, ports: readonly number[]): void => {
    const from = partsOf(consumer);
    const name = `${layer}-${partsOf(endpoint).app}-from-${from.layer === layer ? from.app : `${from.layer}-${from.app}`}`;
    const known = openings.get(name)?.ports ?? [];
    const all = [...new Set([...known, ...ports])].sort((one, other) => one - other);
    openings.set(name, { name, from: callersOf(map, consumer), to: podsOf(map, endpoint), ports: all });
  };
  for (const relation of map.relations) {
    const { consumer, endpoint, interface: kind } = relation;
    if (!isIndirect(relation) && partsOf(endpoint).layer === layer) {
      open(consumer, endpoint, map.applications[endpoint]?.offers?.[kind] ?? []);
    }
  }
  for (const name of applicationsOf(map, layer)) {
    const peers = map.applications[name]?.peers ?? [];
    if (peers.length > 0) {
      open(name, name, peers);
    }
  }
  return [...openings.values()];
}

function isApplicationName(name: string): name is ApplicationName {
  return name.includes("/");
}

/** The applications of a layer, in the order in which they are declared. */
export function applicationsOf({ applications }: PlatformMap, layer: string): ApplicationName[] {
  return Object.keys(applications)
    .filter(isApplicationName)
    .filter((name) => partsOf(name).layer === layer);
}

/** What an application may do in Vault: what its edges say, and nothing else. */
export function policyOf(map: PlatformMap, application: ApplicationName): string {
  const { layer, app } = partsOf(application);
  const secrets = consumed(map, application, "secrets");
  const keeper = secrets.find(({ use }) => use === "keyring" || use === "clients");
  if (keeper !== undefined) {
    return keeper.use === "clients" ? reconcilerPolicy : keyringPolicy({ layer, app: keeper.of ?? app });
  }
  const leased = consumed(map, application, "database").filter(({ use }) => use === "leased");
  return workloadPolicy({
    ...(secrets.some(({ use }) => use === "own") ? { secrets: { layer, app } } : {}),
    settings: secrets.flatMap(({ settings }) => settings ?? []),
    oauthClients: consumed(map, application, "oauth").map(({ client }) => client.clientId),
    databaseRoles: leased.map(({ database }) => databaseRole(layer, database)),
  });
}

/** An OAuth2 client in the words of the reconciler (services/identity). */
export interface ReconciledClient {
  readonly clientId: string;
  readonly name: string;
  readonly grantTypes: readonly string[];
  readonly responseTypes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  readonly tokenEndpointAuthMethod: string;
  readonly skipConsent: boolean;
  readonly secretGeneration: number;
}

function reconciled(client: DeclaredClient, domain: string): ReconciledClient {
  const own = (client.redirects ?? []).map(({ host, path }) => `https://${host}.${domain}${path}`);
  return {
    clientId: client.clientId,
    name: client.name,
    grantTypes: client.grantTypes,
    responseTypes: client.grantTypes.includes("authorization_code") ? ["code"] : [],
    redirectUris: [...own, ...(client.redirectUris ?? [])],
    postLogoutRedirectUris: [],
    scopes: client.scopes,
    audience: client.audience ?? [],
    tokenEndpointAuthMethod: "client_secret_basic",
    skipConsent: client.trusted ?? false,
    secretGeneration: client.secretGeneration ?? 1,
  };
}

/** The OAuth2 client by which people sign in to Vault. */
export function peopleClient(map: PlatformMap, domain: string): ReconciledClient {
  return reconciled(theRelation(map, "iam/people", "oauth", "iam/hydra").client, domain);
}

/** Every OAuth2 client of the platform, and those of programs outside of it: Hydra holds these and no other. */
export function declaredClients(
  { relations }: PlatformMap,
  outside: readonly DeclaredClient[],
  domain: string,
): ReconciledClient[] {
  const own = relations.flatMap((relation) => (relation.interface === "oauth" ? [relation.client] : []));
  return [...own, ...outside].map((client) => reconciled(client, domain));
}
