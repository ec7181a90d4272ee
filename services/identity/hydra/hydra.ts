import { Configuration, FetchError, OAuth2Api, ResponseError } from "@ory/hydra-client-fetch";
import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { serviceUrl } from "../config.ts";
import type { Fetch } from "../network/patient-fetch.ts";

/** Where Hydra's administration answers, inside the cluster. */
export const hydraSettings = z.strictObject({ adminUrl: serviceUrl() });

export type HydraSettings = z.output<typeof hydraSettings>;

/** Hydra's administration API. */
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
    // Not Hydra's own words: a proxy's page, say.
    return `${response.status} ${response.statusText}`;
  }
}

/**
 * Does a call of Hydra's administration, and says of a failure what was being done.
 *
 * @param what - to follow "Hydra refused to": `create the client odoo`
 */
export async function asking<T>(what: string, { adminUrl }: HydraSettings, call: () => Promise<T>): Promise<T> {
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
        what: `Hydra refused to ${what} (${status}): ${await reasonIn(error.response)}`,
        where: adminUrl,
        remedy: status < 500 ? "mend the declaration as Hydra says" : "look into Hydra's own log for the cause",
      },
      { cause: error },
    );
  }
}
