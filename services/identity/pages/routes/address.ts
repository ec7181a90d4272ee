import type { UiText } from "@ory/kratos-client-fetch";
import type { FastifyReply, FastifyRequest } from "fastify";
import { say } from "../../texts/texts.ts";
import { tellFormerAddress } from "../account-notice.ts";
import { addressProof, changeAddress, requestProof, type AddressProof } from "../address-change.ts";
import { oneForm } from "../html/form.ts";
import { html } from "../html/html.ts";
import { accountOf } from "../limits/account.ts";
import type { Counted } from "../limits/limits.ts";
import { withOwner, type Owner } from "../owner.ts";
import { isVerified } from "../person.ts";
import {
  addressFields,
  codeForm,
  entriesOf,
  personForm,
  problemsOf,
  unexpected,
  type Entries,
  type Problems,
} from "../person-form.ts";
import { entry, languageOf, redirect, sendPage, type App, type Context } from "../request.ts";
import { withinLimits } from "./limited.ts";

const path = "/address";
const codePath = "/address/code";
const fresh = { path, fresh: true };

/** The pending change is in a signed cookie: no link leads to it, and it belongs to the session that asked. */
const cookieName = "__Host-bibind-address";
const cookieOptions = { path: "/", secure: true, httpOnly: true, sameSite: "lax" } as const;

const taken: UiText = { id: 4000007, text: "This e-mail address already has an account.", type: "error" };

const isOwnAddress = (email: string, { person }: Owner): boolean =>
  isVerified(person) && email.toLowerCase() === person.email.toLowerCase();

function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  { person }: Owner,
  entries: Entries,
  problems: Problems = new Map(),
): FastifyReply {
  const language = languageOf(request, person.language);
  const token = reply.generateCsrf();
  const form = personForm({ fields: addressFields, action: path, token, entries, problems, method: "code" });
  return sendPage(
    reply,
    {
      language,
      title: say(language, "address.title"),
      subtitle: say(language, "address.introduction"),
      failed: problems.size > 0,
      content: oneForm(language, form),
      links: [html`<a href="/settings">${say(language, "settings.toHome")}</a>`],
    },
    { status: problems.size > 0 ? 422 : 200 },
  );
}

function sendCodeForm(request: FastifyRequest, reply: FastifyReply, { person }: Owner, isWrong: boolean): FastifyReply {
  const language = languageOf(request, person.language);
  return sendPage(
    reply,
    {
      language,
      title: say(language, "verification.title"),
      subtitle: say(language, "address.sent"),
      failed: isWrong,
      content: oneForm(language, codeForm(codePath, reply.generateCsrf(), isWrong)),
      links: [html`<a href=${path}>${say(language, "settings.toHome")}</a>`],
    },
    { status: isWrong ? 422 : 200 },
  );
}

/** The change that this session began; undefined when it began none. */
function pendingProof(request: FastifyRequest, { session }: Owner): AddressProof | undefined {
  const { valid, value } = request.unsignCookie(request.cookies[cookieName] ?? "");
  if (!valid) {
    return undefined;
  }
  const proof = addressProof.parse(JSON.parse(value));
  return proof.session === session.id ? proof : undefined;
}

/** The page /address, on which a person gets another address, after the code that was sent to it. */
export function addressRoutes(app: App, context: Context): void {
  const preHandler: typeof app.csrfProtection = (...args) => app.csrfProtection(...args);

  const enterCode = async (
    request: FastifyRequest,
    reply: FastifyReply,
    owner: Owner,
    proof: AddressProof,
    counted: Counted,
  ): Promise<FastifyReply> => {
    const change = await changeAddress(proof, entry(request, "code") ?? "", owner, request.headers.cookie, context);
    if (change === "wrong") {
      return sendCodeForm(request, reply, owner, true);
    }
    if (change !== "over") {
      await counted.giveBack();
    }
    if (change === "changed" && accountOf(owner.person.email) !== accountOf(proof.email)) {
      await tellFormerAddress(owner.person.email, context.services, request.log);
    }
    reply.clearCookie(cookieName, cookieOptions);
    return change === "taken"
      ? sendForm(request, reply, owner, new Map([["traits.email", proof.email]]), new Map([["traits.email", taken]]))
      : redirect(reply, change === "changed" ? "/" : path);
  };

  app.get(path, (request, reply) =>
    withOwner(request, reply, context, fresh, async (owner) => {
      const { person } = owner;
      return sendForm(request, reply, owner, new Map([["traits.email", isVerified(person) ? "" : person.email]]));
    }),
  );

  app.post(path, { preHandler }, (request, reply) =>
    withOwner(request, reply, context, fresh, async (owner) => {
      const entries = entriesOf(addressFields, (name) => entry(request, name));
      const problems = problemsOf(addressFields, entries);
      const email = entries.get("traits.email") ?? "";
      if (problems.size > 0) {
        return sendForm(request, reply, owner, entries, problems);
      }
      if (isOwnAddress(email, owner)) {
        return sendForm(request, reply, owner, entries, new Map([["traits.email", taken]]));
      }
      const attempt = { kind: "mail", account: accountOf(email), retry: path } as const;
      return withinLimits(request, reply, context, attempt, async () => {
        const proof = await requestProof(email, owner, context);
        return proof === undefined
          ? sendForm(request, reply, owner, entries, new Map([["traits.email", unexpected]]))
          : redirect(reply.setCookie(cookieName, JSON.stringify(proof), { ...cookieOptions, signed: true }), codePath);
      });
    }),
  );

  app.get(codePath, (request, reply) =>
    withOwner(request, reply, context, fresh, async (owner) =>
      pendingProof(request, owner) === undefined ? redirect(reply, path) : sendCodeForm(request, reply, owner, false),
    ),
  );

  app.post(codePath, { preHandler }, (request, reply) =>
    withOwner(request, reply, context, fresh, async (owner) => {
      const proof = pendingProof(request, owner);
      if (proof === undefined) {
        return redirect(reply, path);
      }
      const attempt = { kind: "code", account: accountOf(proof.email), retry: codePath } as const;
      return withinLimits(request, reply, context, attempt, (counted) =>
        enterCode(request, reply, owner, proof, counted),
      );
    }),
  );
}
