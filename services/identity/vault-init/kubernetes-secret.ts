import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { readText } from "../config.ts";
import type { Fetch } from "../network/patient-fetch.ts";
import type { KubernetesSettings, SecretPlace } from "./config.ts";

const secretBody = z.object({ data: z.record(z.string(), z.string()).default({}) });
const statusBody = z.object({ message: z.string(), reason: z.string() }).partial();

/** What Kubernetes says of a refusal. A body that it does not understand it may quote, so then its word for it must do. */
function told(status: number, body: unknown): string {
  const { message, reason } = statusBody.catch({}).parse(body);
  const quotes = status === 400 || status === 422;
  return (quotes ? reason : message) ?? "no reason given";
}

function remedyFor(status: number, { namespace, name }: SecretPlace): string {
  switch (status) {
    case 401:
      return "see that kubernetes.tokenFile is a token of this pod for the API of this very cluster";
    case 403:
      return `let this pod's service account create Secrets in ${namespace}, and get and patch the one called ${name}`;
    case 409:
      return "another run wrote it at the same time: run again once that one has ended";
    default:
      return "look into the log of the Kubernetes API for the cause";
  }
}

const encoded = (value: string): string => Buffer.from(value, "utf8").toString("base64");
const decoded = (value: string): string => Buffer.from(value, "base64").toString("utf8");

/** One Secret of Kubernetes, reached with this pod's own identity. */
export class KubernetesSecret {
  readonly place: SecretPlace;
  readonly #folder: URL;
  readonly #fetch: Fetch;
  readonly #token: string;

  private constructor(server: string, place: SecretPlace, fetch: Fetch, token: string) {
    this.#folder = new URL(`/api/v1/namespaces/${place.namespace}/secrets`, server);
    this.place = place;
    this.#fetch = fetch;
    this.#token = token;
  }

  static async open(settings: KubernetesSettings, place: SecretPlace, fetch: Fetch): Promise<KubernetesSecret> {
    const token = (await readText(settings.tokenFile, "kubernetes.tokenFile")).trim();
    return new KubernetesSecret(settings.server, place, fetch, token);
  }

  /** What it holds; undefined where there is none. */
  async read(): Promise<Readonly<Record<string, string>> | undefined> {
    const response = await this.#ask("GET", this.#address);
    if (response.status === 404) {
      return undefined;
    }
    const { data } = secretBody.parse(await this.#granted("read", response));
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decoded(value)]));
  }

  async create(values: Readonly<Record<string, string>>): Promise<void> {
    const object = {
      apiVersion: "v1",
      kind: "Secret",
      type: "Opaque",
      metadata: { ...this.place, labels: { "app.kubernetes.io/managed-by": "bibind" } },
      data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encoded(value)])),
    };
    await this.#granted("create", await this.#ask("POST", this.#folder, object, "application/json"));
  }

  /** Writes some of its values and leaves the others; `null` takes one away. */
  async merge(values: Readonly<Record<string, string | null>>): Promise<void> {
    const data = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, value === null ? null : encoded(value)]),
    );
    const response = await this.#ask("PATCH", this.#address, { data }, "application/merge-patch+json");
    await this.#granted("change", response);
  }

  get #address(): URL {
    return new URL(`${this.#folder.href}/${this.place.name}`);
  }

  #ask(method: string, url: URL, body?: object, type?: string): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token}`, ...(type === undefined ? {} : { "content-type": type }) };
    return this.#fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  async #granted(deed: string, response: Response): Promise<unknown> {
    const body: unknown = await response.json();
    if (response.ok) {
      return body;
    }
    throw new OperatorError({
      what: `Kubernetes refused to ${deed} the Secret (${response.status}): ${told(response.status, body)}`,
      where: `Secret ${this.place.namespace}/${this.place.name}`,
      remedy: remedyFor(response.status, this.place),
    });
  }
}
