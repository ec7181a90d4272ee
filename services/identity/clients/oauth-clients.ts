import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { KubernetesApi, Purpose } from "../kubernetes/api.ts";
import { oauthClientResource, oauthClientStatus, type OAuthClientStatus } from "./custom-resource.ts";

const { group, version, plural } = oauthClientResource;

/** Path of all OAuthClients in the Kubernetes API. */
export const collectionPath = `/apis/${group}/${version}/${plural}`;

/** Keeps a deleted OAuthClient until its client and its secret are deleted too. */
export const finalizer = `${group}/oauth-client`;

/** Namespace and name of a custom resource. */
export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** `namespace/name`, as kubectl shows it. */
export const keyOf = ({ namespace, name }: NamespacedName): string => `${namespace}/${name}`;

/** An OAuthClient as the API server returns it. The spec is checked when it is reconciled. */
export const oauthClient = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    resourceVersion: z.string(),
    generation: z.int(),
    deletionTimestamp: z.coerce.date().optional(),
    finalizers: z.array(z.string()).default([]),
  }),
  spec: z.looseObject({ clientId: z.string() }),
  status: oauthClientStatus.optional(),
});

export type OAuthClient = z.output<typeof oauthClient>;

const oauthClientList = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(oauthClient),
});

export type OAuthClientList = z.output<typeof oauthClientList>;

function purpose(verb: string, where: string): Purpose {
  const permission = `let this pod's service account get, list, watch and patch ${plural}.${group}, and patch their status`;
  return { action: `${verb} OAuthClients`, where, permission };
}

const pathOf = ({ namespace, name }: NamespacedName): string =>
  `/apis/${group}/${version}/namespaces/${namespace}/${plural}/${name}`;

/** The OAuthClients of all namespaces. */
export class OAuthClients {
  readonly #api: KubernetesApi;

  constructor(api: KubernetesApi) {
    this.#api = api;
  }

  /** @throws OperatorError when the CustomResourceDefinition is missing */
  async list(): Promise<OAuthClientList> {
    const body = await this.#api.get(collectionPath, purpose("list", "all namespaces"));
    if (body === undefined) {
      throw new OperatorError({
        what: `the API server does not know the resource ${plural}.${group}`,
        where: collectionPath,
        remedy: "register its CustomResourceDefinition",
      });
    }
    return oauthClientList.parse(body);
  }

  /** @returns undefined when it does not exist */
  async get(name: NamespacedName): Promise<OAuthClient | undefined> {
    const body = await this.#api.get(pathOf(name), purpose("read", pathOf(name)));
    return body === undefined ? undefined : oauthClient.parse(body);
  }

  /** Kubernetes refuses it (409) when another process changed the OAuthClient since it was read. */
  async setFinalizers({ metadata }: OAuthClient, finalizers: readonly string[]): Promise<void> {
    const change = { metadata: { resourceVersion: metadata.resourceVersion, finalizers } };
    await this.#api.patch(pathOf(metadata), change, purpose("patch", pathOf(metadata)));
  }

  async setStatus({ metadata }: OAuthClient, status: OAuthClientStatus): Promise<void> {
    const path = `${pathOf(metadata)}/status`;
    await this.#api.patch(path, { status }, purpose("patch the status of", path));
  }
}
