import type { FastifyReply, FastifyRequest } from "fastify";
import { beginsSession } from "../begun-session.ts";
import { formIn, pageOf, withFields, type FlowForm } from "../flow-form.ts";
import { answerWith, handOverForm } from "../hand-over.ts";
import { accountOfSession } from "../known-browser.ts";
import { accountOf } from "../limits/account.ts";
import type { Kind } from "../limits/rules.ts";
import { loginUrl } from "../owner.ts";
import { redirect, type Context } from "../request.ts";
import { sendFailure } from "./error.ts";
import { withinLimits } from "./limited.ts";

/** A guess in a form of the sign-in. */
interface LoginGuess {
  readonly kind: Kind;
  readonly account: string;
  /** The form for Kratos: the fields of its method alone. */
  readonly form: FlowForm;
}

/** No code has this form, so Kratos answers as to any wrong code of six characters. */
const noCode = "------";

/** Makes a guess, and gives it back when it was right. */
function guess(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
  { kind, account, form }: LoginGuess,
): Promise<FastifyReply> {
  const attempt = { kind, account, retry: pageOf(request, "/login") };
  return withinLimits(request, reply, context, attempt, async (counted) => {
    const code = form.get("totp_code");
    const isFree = code === undefined || (await context.usedCodes.claim(account, code));
    const answer = await handOverForm(request, context, isFree ? form : withFields(form, { totp_code: noCode }));
    if (await beginsSession(request, reply, context, account, answer.headers.getSetCookie())) {
      await counted.giveBack();
    } else if (code !== undefined && isFree) {
      await context.usedCodes.release(account, code);
    }
    return answerWith(reply, answer);
  });
}

/** The second factor of the session in this browser. */
function secondFactor(request: FastifyRequest, form: FlowForm): LoginGuess | undefined {
  const account = accountOfSession(request);
  // Kratos removes blanks around a code: without them, a used one has one form.
  const [app, backup] = [form.get("totp_code")?.replaceAll(/\D/g, ""), form.get("lookup_secret")];
  const own = form.get("method") === "totp" ? { totp_code: app } : { lookup_secret: backup };
  return account === undefined ? undefined : { kind: "secondFactor", account, form: withFields(form, own) };
}

function password(form: FlowForm): LoginGuess {
  const account = accountOf(form.get("identifier") ?? "");
  // Kratos gets the address that is counted.
  return { kind: "password", account, form: withFields(form, { identifier: account, password: form.get("password") }) };
}

const secondFactors = ["totp", "lookup_secret"];

/** The form of the sign-in: password, or second factor. */
export async function submitLogin(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
): Promise<FastifyReply> {
  const form = formIn(request, ["identifier", "password", "totp_code", "lookup_secret"]);
  if (form === undefined) {
    return sendFailure(request, reply, { kind: "request" });
  }
  const guessed = secondFactors.includes(form.get("method") ?? "") ? secondFactor(request, form) : password(form);
  // Kratos does not say whose session it is, so the person enters the password again, in this browser.
  return guessed === undefined
    ? redirect(reply, loginUrl(context, "/", true))
    : guess(request, reply, context, guessed);
}
