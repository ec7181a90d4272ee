import { answerOr, Refused } from "./answers.ts";
import { cookiesAfter } from "./cookies.ts";
import { valueOf } from "./html/inputs.ts";
import type { Services } from "./services.ts";

/** Who gets a code, and where the browser returns when the person has set a password. */
export interface CodeRequest {
  readonly email: string;
  readonly returnTo: string;
  /** Cookies of the browser. */
  readonly cookie: string | undefined;
}

/** A recovery that has begun. It is the same whether the address has an account or not. */
export interface BegunRecovery {
  /** Id of Kratos' flow. */
  readonly flow: string;
  /** Cookies that the browser needs for the flow, as values of `Set-Cookie`. */
  readonly cookies: readonly string[];
}

/** Begins a recovery in Kratos for the browser, and lets Kratos send a code. */
export async function beginRecovery(
  { frontend }: Services,
  { email, returnTo, cookie }: CodeRequest,
): Promise<BegunRecovery | Refused> {
  const headers = { accept: "application/json", ...(cookie === undefined ? {} : { cookie }) };
  const begun = await answerOr([400, 403], () => frontend.createBrowserRecoveryFlowRaw({ returnTo }, { headers }));
  if (begun instanceof Refused) {
    return begun;
  }
  const cookies = begun.raw.headers.getSetCookie();
  const { id: flow, ui } = await begun.value();
  const body = { method: "code", email, csrf_token: valueOf(ui, "csrf_token") } as const;
  const sent = await answerOr([400, 403, 410], () =>
    frontend.updateRecoveryFlow({ flow, updateRecoveryFlowBody: body, cookie: cookiesAfter(cookie, cookies) }),
  );
  return sent instanceof Refused ? sent : { flow, cookies };
}
