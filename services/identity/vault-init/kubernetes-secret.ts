import { z } from "zod";
import type { KubernetesApi, Purpose } from "../kubernetes/api.ts";
import type { SecretName } from "./config.ts";

const secretBody = z.object({ data: z.record(z.string(), z.string()).default({}) });

const encode = (value: string): string => Buffer.from(value, "utf8").toString("base64");
const decode = (value: string): string => Buffer.from(value, "base64").toString("utf8");

/** One Secret of Kubernetes. */
export class KubernetesSecret {
  readonly name: SecretName;
  readonly #api: KubernetesApi;

  constructor(name: SecretName, api: KubernetesApi) {
    this.name = name;
    this.#api = api;
  }

  /** @returns its values; undefined when it does not exist */
  async read(): Promise<Readonly<Record<string, string>> | undefined> {
    const body = await this.#api.get(this.#path, this.#purpose("read"));
    if (body === undefined) {
      return undefined;
    }
    const { data } = secretBody.parse(body);
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decode(value)]));
  }

  async create(values: Readonly<Record<string, string>>): Promise<void> {
    const object = {
      apiVersion: "v1",
      kind: "Secret",
      type: "Opaque",
      metadata: { ...this.name, labels: { "app.kubernetes.io/managed-by": "bibind" } },
      data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encode(value)])),
    };
    await this.#api.create(this.#collection, object, this.#purpose("create"));
  }

  /** Writes some of its values and leaves the others; `null` removes one. */
  async merge(values: Readonly<Record<string, string | null>>): Promise<void> {
    const data = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, value === null ? null : encode(value)]),
    );
    await this.#api.patch(this.#path, { data }, this.#purpose("change"));
  }

  /** The Secret as messages name it. */
  get where(): string {
    return `Secret ${this.name.namespace}/${this.name.name}`;
  }

  get #collection(): string {
    return `/api/v1/namespaces/${this.name.namespace}/secrets`;
  }

  get #path(): string {
    return `${this.#collection}/${this.name.name}`;
  }

  #purpose(verb: string): Purpose {
    const { namespace, name } = this.name;
    return {
      action: `${verb} the Secret`,
      where: this.where,
      permission: `let this pod's service account create Secrets in ${namespace}, and get and patch the one called ${name}`,
    };
  }
}
