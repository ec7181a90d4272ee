import { ResponseError, type OAuth2Api, type OAuth2Client } from "@ory/hydra-client-fetch";
import { callHydra, type HydraSettings } from "../hydra/hydra.ts";

const defaultPageSize = 500;

/** Token of the next page, from the header Link (RFC 8288) in Hydra's form. */
function nextPage(link: string | null): string | undefined {
  const next = (link ?? "").split(",").find((part) => /;\s*rel="next"/.test(part));
  const target = next?.match(/<([^>]*)>/)?.[1];
  return target === undefined
    ? undefined
    : (new URL(target, "https://hydra").searchParams.get("page_token") ?? undefined);
}

/** The OAuth2 clients in Hydra. */
export class HydraClients {
  readonly #api: OAuth2Api;
  readonly #settings: HydraSettings;
  readonly #pageSize: number;

  constructor(api: OAuth2Api, settings: HydraSettings, pageSize = defaultPageSize) {
    this.#api = api;
    this.#settings = settings;
    this.#pageSize = pageSize;
  }

  /** @returns undefined when Hydra has no client of this id */
  find(id: string): Promise<OAuth2Client | undefined> {
    return this.#call(`read the client ${id}`, async () => {
      try {
        return await this.#api.getOAuth2Client({ id });
      } catch (error) {
        if (error instanceof ResponseError && error.response.status === 404) {
          return undefined;
        }
        throw error;
      }
    });
  }

  /** All clients, by their ids. */
  async all(): Promise<Map<string, OAuth2Client>> {
    const found = new Map<string, OAuth2Client>();
    let pageToken: string | undefined;
    do {
      const { raw, value } = await this.#call("list the clients", async () => {
        const answer = await this.#api.listOAuth2ClientsRaw({ pageSize: this.#pageSize, pageToken });
        return { raw: answer.raw, value: await answer.value() };
      });
      for (const client of value) {
        found.set(client.client_id ?? "", client);
      }
      pageToken = value.length === 0 ? undefined : nextPage(raw.headers.get("link"));
    } while (pageToken !== undefined);
    return found;
  }

  async create(client: OAuth2Client): Promise<void> {
    await this.#call(`create the client ${client.client_id ?? ""}`, () =>
      this.#api.createOAuth2Client({ oAuth2Client: client }),
    );
  }

  /** Replaces the client with the same id; without a `client_secret`, Hydra keeps the secret that it has. */
  async replace(client: OAuth2Client): Promise<void> {
    const id = client.client_id ?? "";
    await this.#call(`update the client ${id}`, () => this.#api.setOAuth2Client({ id, oAuth2Client: client }));
  }

  async remove(id: string): Promise<void> {
    await this.#call(`delete the client ${id}`, () => this.#api.deleteOAuth2Client({ id }));
  }

  #call<T>(action: string, call: () => Promise<T>): Promise<T> {
    return callHydra(action, this.#settings, call);
  }
}
