import { Configuration, FrontendApi, IdentityApi } from "@ory/kratos-client-fetch";
import type { OAuth2Api } from "@ory/hydra-client-fetch";
import { hydraAdmin } from "../hydra/hydra.ts";
import type { PagesConfig } from "./config.ts";

/** The servers behind the pages. */
export interface Services {
  /** Kratos as browsers see it. */
  readonly frontend: FrontendApi;
  /** Kratos' administration. */
  readonly identities: IdentityApi;
  readonly hydra: OAuth2Api;
}

/** A person waits for the answer. */
const silenceMilliseconds = 10_000;

/** No retries here: the person who waits can try again better than we can guess. */
const promptFetch = (url: string | URL | Request, init: RequestInit = {}): Promise<Response> =>
  fetch(url, { ...init, signal: AbortSignal.timeout(silenceMilliseconds) });

function kratos(url: string): Configuration {
  const basePath = url.replace(/\/+$/, "");
  return new Configuration({ basePath, fetchApi: promptFetch, headers: { accept: "application/json" } });
}

export function services(config: PagesConfig): Services {
  return {
    frontend: new FrontendApi(kratos(config.kratos.publicUrl)),
    identities: new IdentityApi(kratos(config.kratos.adminUrl)),
    hydra: hydraAdmin(config.hydra, promptFetch),
  };
}
