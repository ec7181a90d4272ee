import { ResponseError as HydraRefusal } from "@ory/hydra-client-fetch";
import { ResponseError as KratosRefusal } from "@ory/kratos-client-fetch";
import { z } from "zod";
import { jsonIn } from "./json.ts";

const refusalBody = z
  .object({
    /** Where the browser should go instead; Kratos and Hydra use different names. */
    redirect_browser_to: z.string().optional(),
    redirect_to: z.string().optional(),
    error: z
      .object({ id: z.string().optional(), details: z.object({ redirect_to: z.string().optional() }).optional() })
      .or(z.string())
      .optional(),
  })
  .catch({});

/** Kratos or Hydra refused a request. */
export interface Refusal {
  readonly status: number;
  /** Kratos' name of the reason, such as `security_csrf_violation`. */
  readonly reason: string | undefined;
  /** Where it sends the browser. */
  readonly redirectTo: string | undefined;
}

async function refusalIn(response: Response): Promise<Refusal> {
  const body = refusalBody.parse(jsonIn(await response.text()));
  const error = typeof body.error === "object" ? body.error : undefined;
  return {
    status: response.status,
    reason: error?.id,
    redirectTo: body.redirect_browser_to ?? body.redirect_to ?? error?.details?.redirect_to,
  };
}

/**
 * The answer, or the refusal when it has one of the given statuses.
 *
 * @throws any other failure
 */
export async function answerOr<T>(statuses: readonly number[], call: () => Promise<T>): Promise<T | Refused> {
  try {
    return await call();
  } catch (error) {
    const refused = error instanceof HydraRefusal || error instanceof KratosRefusal;
    if (!refused || !statuses.includes(error.response.status)) {
      throw error;
    }
    return new Refused(await refusalIn(error.response));
  }
}

/** Wraps a refusal, to distinguish it from an answer. */
export class Refused {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    this.refusal = refusal;
  }
}
