import type { UiContainer } from "@ory/kratos-client-fetch";
import { answerOr, Refused } from "./answers.ts";
import { inputsOf } from "./html/inputs.ts";
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

/** Name and value of a cookie, without its attributes. */
const pairOf = (cookie: string): string => cookie.split(";", 1)[0]?.trim() ?? "";
const nameOf = (cookie: string): string => pairOf(cookie).split("=", 1)[0] ?? "";

/** The cookies that a browser sends after an answer: those that it had, and those that the answer sets. */
export function cookiesAfter(cookie: string | undefined, set: readonly string[]): string {
  const before = (cookie ?? "").split(";").map(pairOf);
  const isReplaced = (one: string): boolean => set.some((other) => nameOf(other) === nameOf(one));
  return [...before.filter((one) => one !== "" && !isReplaced(one)), ...set.map(pairOf)].join("; ");
}

function tokenIn({ nodes }: UiContainer): string | undefined {
  const value: unknown = inputsOf(nodes).find(({ attributes }) => attributes.name === "csrf_token")?.attributes.value;
  return typeof value === "string" ? value : undefined;
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
  const body = { method: "code", email, csrf_token: tokenIn(ui) } as const;
  const sent = await answerOr([400, 403, 410], () =>
    frontend.updateRecoveryFlow({ flow, updateRecoveryFlowBody: body, cookie: cookiesAfter(cookie, cookies) }),
  );
  return sent instanceof Refused ? sent : { flow, cookies };
}
