import { Configuration, FetchError, OAuth2Api, ResponseError } from "@ory/hydra-client-fetch";
import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { serviceUrl } from "../config.ts";
import type { Fetch } from "../network/retrying-fetch.ts";

/** Address of Hydra's admin API inside the cluster. */
export const hydraSettings = z.strictObject({ adminUrl: serviceUrl() });

export type HydraSettings = z.output<typeof hydraSettings>;

/** Hydra's admin API. */
export function hydraAdmin({ adminUrl }: HydraSettings, fetch: Fetch): OAuth2Api {
  const fetchApi = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
    fetch(input instanceof Request ? input.url : input, init);
  return new OAuth2Api(
    new Configuration({
      basePath: adminUrl.replace(/\/+$/, ""),
      fetchApi,
      headers: { accept: "application/json" },
    }),
  );
}

const errorBody = z.object({ error: z.string(), error_description: z.string().optional() });

async function reasonIn(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { error, error_description: description } = errorBody.parse(JSON.parse(text));
    return description ?? error;
  } catch {
    // The response is not from Hydra: it may be the page of a proxy.
    return `${response.status} ${response.statusText}`;
  }
}

/**
 * Calls Hydra's admin API.
 *
 * @param action - follows "Hydra refused to": `create the client odoo`
 * @throws OperatorError when Hydra refuses; the error of the network when Hydra does not answer
 */
export async function callHydra<T>(action: string, { adminUrl }: HydraSettings, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof FetchError) {
      throw error.cause;
    }
    if (!(error instanceof ResponseError)) {
      throw error;
    }
    const status = error.response.status;
    throw new OperatorError(
      {
        what: `Hydra refused to ${action} (${status}): ${await reasonIn(error.response)}`,
        where: adminUrl,
        remedy: status < 500 ? "correct the declaration; see Hydra's message" : "read Hydra's log for the cause",
      },
      { cause: error },
    );
  }
}
