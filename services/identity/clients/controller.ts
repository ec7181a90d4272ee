import { isDeepStrictEqual } from "node:util";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { problemsIn } from "../config.ts";
import type { Log } from "../log.ts";
import { statusAfter, type Outcome } from "./condition.ts";
import { oauthClientSpec, type OAuthClientSpec } from "./custom-resource.ts";
import { finalizer, keyOf, type NamespacedName, type OAuthClient, type OAuthClients } from "./oauth-clients.ts";
import { ownerOf } from "./desired.ts";
import type { HydraClients } from "./hydra-clients.ts";
import type { Reconciler } from "./reconciler.ts";
import { WorkQueue } from "./work-queue.ts";

export interface ControllerParts {
  readonly resources: OAuthClients;
  readonly hydra: HydraClients;
  readonly reconciler: Reconciler;
  readonly log: Log;
}

/** Keys of the work on all OAuthClients. The key of a single OAuthClient contains a slash. */
const resync = "resync";
const removal = "removal";

const backOff = { firstMilliseconds: 1000, longestMilliseconds: 60_000 };

const reconciled: Outcome = { ready: true, reason: "Reconciled", message: "Hydra and Vault hold the client" };

/** Reconciles one OAuthClient at a time, so that two of them cannot take the same client. */
export class Controller {
  readonly #parts: ControllerParts;
  readonly #queue = new WorkQueue(backOff);
  #isReady = false;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
  }

  /** Whether each OAuthClient of the first list was reconciled, with any outcome. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /**
   * Reconciles until the signal aborts.
   *
   * @param resyncSeconds - time between two reconciliations of everything
   */
  async run(resyncSeconds: number, signal: AbortSignal): Promise<void> {
    const timer = setInterval(() => this.#queue.add(resync), resyncSeconds * 1000);
    this.#queue.add(resync);
    await this.#queue.run((key) => this.#work(key), signal);
    clearInterval(timer);
  }

  /** Queues an OAuthClient that changed, unless only its status changed, which the controller itself writes. */
  changed({ metadata, status }: OAuthClient): void {
    if (status?.observedGeneration !== metadata.generation) {
      this.#queue.add(keyOf(metadata));
    }
  }

  async #work(key: string): Promise<boolean> {
    try {
      switch (key) {
        case resync:
          await this.#resync();
          return true;
        case removal:
          return await this.#removeUndeclared();
        default:
          return await this.#reconcile(key);
      }
    } catch (error) {
      this.#report(error, key);
      return false;
    }
  }

  async #resync(): Promise<void> {
    const { items } = await this.#parts.resources.list();
    for (const { metadata } of items) {
      this.#queue.add(keyOf(metadata));
    }
    this.#queue.add(removal);
  }

  /**
   * It is queued after all OAuthClients of a list, so they have been reconciled when it begins.
   *
   * @returns whether nothing is left to do
   */
  async #removeUndeclared(): Promise<boolean> {
    this.#isReady = true;
    const errors = await this.#parts.reconciler.removeUndeclared(async () => {
      const { items } = await this.#parts.resources.list();
      return new Set(items.map(({ spec }) => spec.clientId));
    });
    errors.forEach((error, id) => this.#report(error, id));
    return errors.size === 0;
  }

  /** @returns whether nothing is left to do */
  async #reconcile(key: string): Promise<boolean> {
    const [namespace = "", name = ""] = key.split("/");
    const { resources } = this.#parts;
    const resource = await resources.get({ namespace, name });
    if (resource === undefined) {
      return true;
    }
    const outcome = await this.#outcomeOf(resource);
    if (outcome === undefined) {
      return true;
    }
    const status = statusAfter(resource, outcome);
    if (!isDeepStrictEqual(status, resource.status)) {
      await resources.setStatus(resource, status);
    }
    return outcome.reason !== "Failed";
  }

  /** @returns undefined when the OAuthClient is deleted */
  async #outcomeOf(resource: OAuthClient): Promise<Outcome | undefined> {
    try {
      if (resource.metadata.deletionTimestamp === undefined) {
        return await this.#apply(resource);
      }
      await this.#finalize(resource);
      return undefined;
    } catch (error) {
      this.#report(error, keyOf(resource.metadata));
      const message = error instanceof OperatorError ? error.parts.what : "internal error: see the controller's log";
      return { ready: false, reason: "Failed", message };
    }
  }

  async #apply(resource: OAuthClient): Promise<Outcome> {
    const { hydra, reconciler } = this.#parts;
    const { success, data: spec, error } = oauthClientSpec.safeParse(resource.spec);
    if (!success) {
      return { ready: false, reason: "Invalid", message: problemsIn(error).join("; ") };
    }
    const actual = await hydra.find(spec.clientId);
    const owner = actual === undefined ? undefined : ownerOf(actual);
    if (owner !== undefined && keyOf(owner) !== keyOf(resource.metadata) && (await this.#declares(owner, spec))) {
      const message = `the OAuthClient ${keyOf(owner)} owns the client ${spec.clientId}`;
      return { ready: false, reason: "Conflict", message };
    }
    await this.#addFinalizer(resource);
    await reconciler.reconcile(spec, resource.metadata, actual);
    return reconciled;
  }

  /** The owner that Hydra records may no longer exist, or may declare another client now. */
  async #declares(owner: NamespacedName, { clientId }: OAuthClientSpec): Promise<boolean> {
    return (await this.#parts.resources.get(owner))?.spec.clientId === clientId;
  }

  async #addFinalizer(resource: OAuthClient): Promise<void> {
    const { finalizers } = resource.metadata;
    if (!finalizers.includes(finalizer)) {
      await this.#parts.resources.setFinalizers(resource, [...finalizers, finalizer]);
    }
  }

  /** Deletes the client of an OAuthClient. Another OAuthClient that declares the same client is reconciled next. */
  async #finalize(resource: OAuthClient): Promise<void> {
    const { resources, reconciler } = this.#parts;
    const { metadata, spec } = resource;
    if (!metadata.finalizers.includes(finalizer)) {
      return;
    }
    await reconciler.remove(spec.clientId, metadata);
    const others = metadata.finalizers.filter((other) => other !== finalizer);
    await resources.setFinalizers(resource, others);
    const { items } = await resources.list();
    for (const waiting of items.filter((item) => item.spec.clientId === spec.clientId)) {
      this.#queue.add(keyOf(waiting.metadata));
    }
  }

  #report(error: unknown, key: string): void {
    if (error instanceof OperatorError) {
      const { what, where, remedy } = error.parts;
      this.#parts.log.warn({ key, where, remedy }, what);
    } else {
      this.#parts.log.error({ key, err: error }, "this is a bug");
    }
  }
}
