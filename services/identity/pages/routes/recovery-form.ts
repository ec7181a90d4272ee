import type { UiContainer } from "@ory/kratos-client-fetch";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerOr, Refused } from "../answers.ts";
import { beginsSession } from "../begun-session.ts";
import { kratosCookies } from "../cookies.ts";
import { formIn, pageOf, withFields, type FlowForm } from "../flow-form.ts";
import { answerWith, handOverForm } from "../hand-over.ts";
import { valueOf } from "../html/inputs.ts";
import { accountOf } from "../limits/account.ts";
import { parameter, redirect, type Context } from "../request.ts";
import { sendFailure } from "./error.ts";
import { withinLimits } from "./limited.ts";

/** The address to which Kratos sent the code of a recovery; undefined when it sent none. */
function addressOfCode(ui: UiContainer): string | undefined {
  const address = valueOf(ui, "email");
  return address === undefined ? undefined : accountOf(address);
}

/** The form for the code in a mail. */
async function submitCode(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
  form: FlowForm,
): Promise<FastifyReply> {
  const [id, cookie] = [parameter(request, "flow") ?? "", kratosCookies(request.headers.cookie)];
  const page = pageOf(request, "/recovery");
  const { frontend } = context.services;
  const flow = await answerOr([400, 401, 403, 404, 410], () => frontend.getRecoveryFlow({ id, cookie }));
  // It belongs to another browser, or is over: the page says so. Kratos would accept a code of another browser.
  if (flow instanceof Refused) {
    return redirect(reply, page);
  }
  const account = addressOfCode(flow.ui);
  const attempt = { kind: "code", account, retry: page } as const;
  return withinLimits(request, reply, context, attempt, async (counted) => {
    const answer = await handOverForm(request, context, withFields(form, { code: form.get("code") }));
    const set = answer.headers.getSetCookie();
    if (account !== undefined && (await beginsSession(request, reply, context, account, set))) {
      await counted.giveBack();
    }
    return answerWith(reply, answer);
  });
}

/** The form for the address to which Kratos sends a code. */
async function requestCode(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
  form: FlowForm,
): Promise<FastifyReply> {
  const account = accountOf(form.get("email") ?? "");
  const attempt = { kind: "mail", account, retry: pageOf(request, "/recovery") } as const;
  return withinLimits(request, reply, context, attempt, async () =>
    answerWith(reply, await handOverForm(request, context, withFields(form, { email: account }))),
  );
}

/** The form of a recovery: it asks for a code, or has the code. */
export async function submitRecovery(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
): Promise<FastifyReply> {
  const form = formIn(request, ["email", "code"]);
  if (form === undefined) {
    return sendFailure(request, reply, { kind: "request" });
  }
  return form.has("code") ? submitCode(request, reply, context, form) : requestCode(request, reply, context, form);
}
