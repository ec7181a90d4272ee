import type { OAuth2Client } from "@ory/hydra-client-fetch";
import type { Log } from "../log.ts";
import type { Vault } from "../vault/vault.ts";
import { clientSecret, secretPath, type ClientSecret } from "./client-secret.ts";
import { isPublic, type OAuthClientSpec } from "./custom-resource.ts";
import { keyOf, type NamespacedName } from "./oauth-clients.ts";
import { desiredClient, differences, hasSecret, ownerOf } from "./desired.ts";
import type { HydraClients } from "./hydra-clients.ts";
import { configureVaultSignIn, type VaultSignIn } from "./vault-sign-in.ts";

export interface ReconcilerParts {
  readonly vault: Vault;
  readonly hydra: HydraClients;
  readonly log: Log;
  /** Default: people do not sign in to Vault. */
  readonly signIn?: VaultSignIn;
}

/** Reconciles Vault and Hydra with the declared OAuthClients. */
export class Reconciler {
  readonly #parts: ReconcilerParts;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
  }

  /**
   * Reconciles one client, first in Vault and then in Hydra. If a run ends between the two, the next run detects that Hydra
   * does not have the secret.
   *
   * @param actual - the client as Hydra has it
   * @throws OperatorError when Vault or Hydra refuses or does not answer
   */
  async reconcile(spec: OAuthClientSpec, owner: NamespacedName, actual: OAuth2Client | undefined): Promise<void> {
    const { vault, signIn } = this.#parts;
    const secret = isPublic(spec) ? undefined : await clientSecret(vault, owner.namespace, spec);
    await this.#reconcileHydra(desiredClient(spec, owner, secret), secret, actual);
    if (signIn?.clientId === spec.clientId && signIn.namespace === owner.namespace) {
      await configureVaultSignIn(signIn, secret?.value ?? "", vault);
    }
  }

  /** Deletes a client and its secret; nothing happens when another OAuthClient owns the client. */
  async remove(clientId: string, owner: NamespacedName): Promise<void> {
    const { vault, hydra, log } = this.#parts;
    const actual = await hydra.find(clientId);
    const actualOwner = actual === undefined ? undefined : ownerOf(actual);
    if (actualOwner !== undefined && keyOf(actualOwner) !== keyOf(owner)) {
      return;
    }
    if (actual !== undefined) {
      await hydra.remove(clientId);
    }
    await vault.remove(secretPath(owner.namespace, clientId));
    log.info({ client: clientId, owner: keyOf(owner) }, "deleted");
  }

  /**
   * Deletes each client that no OAuthClient declares, with its secret.
   *
   * @param declaredIds - returns the declared ids; it is called after the clients are read, so that a client that is
   * declared at the same time is not deleted
   * @returns the errors by client. A client that cannot be deleted does not keep the others
   */
  async removeUndeclared(declaredIds: () => Promise<ReadonlySet<string>>): Promise<ReadonlyMap<string, unknown>> {
    const clients = await this.#parts.hydra.all();
    const declared = await declaredIds();
    const errors = new Map<string, unknown>();
    for (const [id, client] of clients) {
      if (!declared.has(id)) {
        await this.#removeUndeclared(id, client).catch((error: unknown) => errors.set(id, error));
      }
    }
    return errors;
  }

  async #reconcileHydra(
    desired: OAuth2Client,
    secret: ClientSecret | undefined,
    actual: OAuth2Client | undefined,
  ): Promise<void> {
    const { hydra, log } = this.#parts;
    const client = desired.client_id;
    if (actual === undefined) {
      await hydra.create({ ...desired, client_secret: secret?.value });
      log.info({ client }, "created");
      return;
    }
    if (secret !== undefined && !hasSecret(actual, secret)) {
      await hydra.replace({ ...desired, client_secret: secret.value });
      log.info({ client, generation: secret.generation }, "rotated");
      return;
    }
    const fields = differences(actual, desired);
    if (fields.length > 0) {
      await hydra.replace(desired);
      log.info({ client, fields }, "updated");
    }
  }

  async #removeUndeclared(id: string, client: OAuth2Client): Promise<void> {
    const { vault, hydra, log } = this.#parts;
    const name = client.client_name ?? "";
    const owner = ownerOf(client);
    if (owner === undefined) {
      log.warn({ client: id, name }, "made by hand: deleted; declare an OAuthClient to keep it");
    } else {
      await vault.remove(secretPath(owner.namespace, id));
      log.info({ client: id, name, owner: keyOf(owner) }, "no longer declared: deleted");
    }
    await hydra.remove(id);
  }
}
