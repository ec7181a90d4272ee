import type { UiContainer, UiText } from "@ory/kratos-client-fetch";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Language } from "../../texts/language.ts";
import { say } from "../../texts/texts.ts";
import { tellingChanges } from "../account-notice.ts";
import { answerOr, Refused } from "../answers.ts";
import { kratosCookies } from "../cookies.ts";
import { formIn, withFields } from "../flow-form.ts";
import { settings } from "../flow-kinds.ts";
import { answerWith, handOverForm } from "../hand-over.ts";
import { personOf, sessionOf, type Person } from "../person.ts";
import { languageOf, parameter, type Context } from "../request.ts";
import { sendFailure } from "./error.ts";
import { sendFlow } from "./flows.ts";

/** Kratos refuses a shorter password, and says so (`min_password_length`). */
const fewestBytes = 12;

/** Words that others connect with a person: name, address, and the platform. */
function wordsOf({ email, name }: Person): string[] {
  const parts = [email, name ?? ""].flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
  return ["bibind", email, ...parts].filter((word) => word !== "");
}

function withProblem(ui: UiContainer, language: Language): UiContainer {
  const problem: UiText = { id: 0, text: say(language, "password.guessable"), type: "error" };
  const nodes = ui.nodes.map((node) =>
    node.attributes.node_type === "input" && node.attributes.name === "password"
      ? { ...node, messages: [problem] }
      : node,
  );
  return { ...ui, nodes };
}

/** The person who sets a password that is easy to guess; undefined when Kratos may judge the form. */
async function whoChoosesBadly(
  request: FastifyRequest,
  { services, isGuessable }: Context,
  password: string | undefined,
): Promise<Person | undefined> {
  if (password === undefined || Buffer.byteLength(password) < fewestBytes) {
    return undefined;
  }
  const session = await sessionOf(services, kratosCookies(request.headers.cookie));
  // Kratos accepts no form of such a session.
  if (session instanceof Refused || session.identity === undefined) {
    return undefined;
  }
  const person = personOf(session.identity);
  return isGuessable(password, wordsOf(person)) ? person : undefined;
}

/** The forms of the settings: password, authenticator app, backup codes. */
export async function submitSettings(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
): Promise<FastifyReply> {
  const lookup = ["confirm", "disable", "regenerate", "reveal"].map((action) => `lookup_secret_${action}`);
  const form = formIn(request, ["password", "totp_code", "totp_unlink", ...lookup]);
  if (form === undefined) {
    return sendFailure(request, reply, { kind: "request" });
  }
  const person = await whoChoosesBadly(request, context, form.get("password"));
  if (person === undefined) {
    return tellingChanges(kratosCookies(request.headers.cookie), context.services, request.log, async () =>
      answerWith(reply, await handOverForm(request, context, form)),
    );
  }
  const [id, cookie] = [parameter(request, "flow") ?? "", kratosCookies(request.headers.cookie)];
  const flow = await answerOr([400, 401, 403, 404, 410], () =>
    settings.read(context.services.frontend, { id, cookie }),
  );
  if (flow instanceof Refused) {
    return answerWith(reply, await handOverForm(request, context, withFields(form, {})));
  }
  const language = languageOf(request, person.language);
  return sendFlow(reply, settings, { ...flow, ui: withProblem(flow.ui, language) }, language, person, 422);
}
