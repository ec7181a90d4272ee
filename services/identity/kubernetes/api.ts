import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { readText } from "../config.ts";
import type { Fetch } from "../network/retrying-fetch.ts";
import type { KubernetesSettings } from "./settings.ts";

/** What a request is for, for the message when Kubernetes refuses it. */
export interface Purpose {
  /** Follows "Kubernetes refused to": `create the Secret`. */
  readonly action: string;
  /** The object: `Secret iam/vault-init`. */
  readonly where: string;
  /** Remedy when the service account may not do it (403). */
  readonly permission: string;
}

const statusBody = z.object({ message: z.string(), reason: z.string() }).partial();

/** Kubernetes' message. It may quote a body that it cannot parse, with a secret in it: then only the reason is shown. */
function reasonIn(status: number, body: unknown): string {
  const { message, reason } = statusBody.catch({}).parse(body);
  const quotesBody = status === 400 || status === 422;
  return (quotesBody ? reason : message) ?? "no reason given";
}

function remedyFor(status: number, permission: string): string {
  switch (status) {
    case 401:
      return "check that kubernetes.tokenFile is a token of this pod for the API server of this cluster";
    case 403:
      return permission;
    case 409:
      return "another process changed it at the same time: run again when that one has ended";
    default:
      return "read the log of the Kubernetes API server for the cause";
  }
}

const contentTypes = { GET: undefined, POST: "application/json", PATCH: "application/merge-patch+json" } as const;

/** The Kubernetes API, with the identity of this pod. Its CA must be trusted already, see `trust`. */
export class KubernetesApi {
  readonly #settings: KubernetesSettings;
  readonly #fetch: Fetch;

  constructor(settings: KubernetesSettings, fetch: Fetch) {
    this.#settings = settings;
    this.#fetch = fetch;
  }

  /** @returns the object; undefined when it does not exist */
  async get(path: string, purpose: Purpose): Promise<unknown> {
    const response = await this.#send("GET", path);
    return response.status === 404 ? undefined : this.#bodyOf(response, purpose);
  }

  async create(path: string, object: object, purpose: Purpose): Promise<void> {
    await this.#bodyOf(await this.#send("POST", path, object), purpose);
  }

  /** Sends a merge patch (RFC 7386): it removes a field that is `null`, and keeps a field that is absent. */
  async patch(path: string, change: object, purpose: Purpose): Promise<void> {
    await this.#bodyOf(await this.#send("PATCH", path, change), purpose);
  }

  /** The token is read each time: kubelet replaces it before it expires. */
  async #send(method: keyof typeof contentTypes, path: string, body?: object): Promise<Response> {
    const token = (await readText(this.#settings.tokenFile, "kubernetes.tokenFile")).trim();
    const type = contentTypes[method];
    const headers = { authorization: `Bearer ${token}`, ...(type === undefined ? {} : { "content-type": type }) };
    return this.#fetch(new URL(path, this.#settings.server), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async #bodyOf(response: Response, { action, where, permission }: Purpose): Promise<unknown> {
    const body: unknown = await response.json();
    if (response.ok) {
      return body;
    }
    throw new OperatorError({
      what: `Kubernetes refused to ${action} (${response.status}): ${reasonIn(response.status, body)}`,
      where,
      remedy: remedyFor(response.status, permission),
    });
  }
}
