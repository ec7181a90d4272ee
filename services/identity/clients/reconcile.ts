import type { OAuth2Client } from "@ory/hydra-client-fetch";
import type { Log } from "../log.ts";
import type { Vault } from "../vault/vault.ts";
import { clientSecret } from "./client-secret.ts";
import { isPublic, type OAuthClientSpec } from "./custom-resource.ts";
import type { HydraClients } from "./hydra-clients.ts";
import { differences, isOurs, knowsSecret, wantedClient } from "./wanted.ts";

/** What was done to a client, or that nothing was. */
export type Deed = "created" | "updated" | "rotated" | "deleted" | "unchanged";

/** How many clients met each deed. */
export type Summary = Record<Deed, number>;

export interface Sides {
  readonly vault: Vault;
  readonly hydra: HydraClients;
  readonly log: Log;
}

/**
 * Brings one client about. Vault comes first: a run that ends after it is healed by the next, which sees that
 * Hydra does not know the secret that Vault has.
 */
async function settle(declared: OAuthClientSpec, held: OAuth2Client | undefined, sides: Sides): Promise<Deed> {
  const { vault, hydra, log } = sides;
  const secret = isPublic(declared) ? undefined : await clientSecret(vault, declared);
  const wanted = wantedClient(declared, secret);
  const client = declared.clientId;
  if (held === undefined) {
    await hydra.create({ ...wanted, client_secret: secret?.value });
    log.info({ client }, "created");
    return "created";
  }
  if (secret !== undefined && !knowsSecret(held, secret)) {
    await hydra.replace({ ...wanted, client_secret: secret.value });
    log.info({ client, generation: secret.generation }, "given its new secret");
    return "rotated";
  }
  const fields = differences(held, wanted);
  if (fields.length === 0) {
    return "unchanged";
  }
  await hydra.replace(wanted);
  log.info({ client, fields }, "updated");
  return "updated";
}

async function removeUndeclared(held: OAuth2Client, { hydra, log }: Sides): Promise<void> {
  const client = held.client_id ?? "";
  const name = held.client_name ?? "";
  if (isOurs(held)) {
    log.info({ client, name }, "no longer declared: deleted");
  } else {
    log.warn({ client, name }, "made by hand: deleted; declare it in the platform's code to keep it");
  }
  await hydra.remove(client);
}

/** Makes Hydra hold exactly the declared clients. */
export async function reconcile(declared: readonly OAuthClientSpec[], sides: Sides): Promise<Summary> {
  const summary: Summary = { created: 0, updated: 0, rotated: 0, deleted: 0, unchanged: 0 };
  const held = await sides.hydra.all();
  for (const client of declared) {
    summary[await settle(client, held.get(client.clientId), sides)] += 1;
    held.delete(client.clientId);
  }
  for (const undeclared of held.values()) {
    await removeUndeclared(undeclared, sides);
    summary.deleted += 1;
  }
  return summary;
}
