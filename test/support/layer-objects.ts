import { z } from "zod";
import { hydraAdmin, inHydra } from "./hydra-client.ts";
import type { Kubectl } from "./sandbox.ts";
import type { VaultClient } from "./vault.ts";

/** Kinds of objects that Kubernetes creates and deletes itself, with a delay. */
const transient = /^(events|pods|replicasets|controllerrevisions|endpoints|endpointslices|leases|jobs)\b|metrics/;

async function inKubernetes(kubectl: Kubectl, layer: string): Promise<string[]> {
  const kinds = (await kubectl.run("api-resources", "--verbs=list", "-o", "name"))
    .split("\n")
    .filter((kind) => kind !== "" && !transient.test(kind));
  const columns =
    "jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name} {.spec.claimRef.namespace}{'\\n'}{end}";
  const objects = await kubectl.run("get", kinds.join(","), "--all-namespaces", "--ignore-not-found", "-o", columns);
  return objects.split("\n").filter((line) => line.includes(layer));
}

const keys = z.object({ keys: z.array(z.string()) });

/** The paths of Vault whose lists may contain names of a layer. */
function vaultLists(layer: string): string[] {
  return [
    "sys/policies/acl",
    "auth/kubernetes/role",
    "database/config",
    "database/roles",
    "kv/metadata",
    `kv/metadata/${layer}`,
    "kv/metadata/oauth",
    `kv/metadata/oauth/${layer}`,
    "kv/metadata/settings",
    "sys/leases/lookup/database/creds",
  ];
}

/** A Vault policy that allows `objectsOf` to read its lists, and nothing else. */
export function listPolicy(layer: string): string {
  return vaultLists(layer)
    .flatMap((path) => [path, `${path}/`])
    .map((path) => `path "${path}" { capabilities = ["list", "sudo"] }`)
    .join("\n");
}

async function inVault(vault: VaultClient, layer: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of vaultLists(layer)) {
    const { status, body } = await vault.request(`${path}?list=true`);
    if (status !== 200 && status !== 404) {
      throw new Error(`Vault answered ${status} to a list of ${path}`);
    }
    const listed = z.object({ data: keys }).safeParse(body);
    const names = listed.data?.data.keys ?? [];
    found.push(...names.map((name) => `Vault ${path}: ${name}`).filter((line) => line.includes(layer)));
  }
  return found;
}

const clients = z.object({ items: z.array(z.object({ client_id: z.string() })) });

async function inHydraServer(kubectl: Kubectl, layer: string): Promise<string[]> {
  const listed = clients.parse(JSON.parse(await kubectl.run(...inHydra, "list", "oauth2-clients", ...hydraAdmin)));
  return listed.items.filter(({ client_id: id }) => id.includes(layer)).map(({ client_id: id }) => `client ${id}`);
}

/** The objects in Kubernetes, Vault and Hydra whose names contain the layer's name. */
export async function objectsOf(layer: string, kubectl: Kubectl, vault: VaultClient): Promise<string[]> {
  return [
    ...(await inKubernetes(kubectl, layer)),
    ...(await inVault(vault, layer)),
    ...(await inHydraServer(kubectl, layer)),
  ];
}
