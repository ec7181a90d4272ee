import type { FastifyReply, FastifyRequest } from "fastify";
import { tellingChanges } from "../account-notice.ts";
import { kratosCookies } from "../cookies.ts";
import { flowKinds } from "../flow-kinds.ts";
import { answerWith, handOverBeginning, handOverForm } from "../hand-over.ts";
import { rawParameter, type App, type Context } from "../request.ts";
import { isPlainReturnUrl } from "../return-url.ts";
import { sendFailure } from "./error.ts";
import { submitLogin } from "./login-form.ts";
import { submitRecovery } from "./recovery-form.ts";
import { submitSettings } from "./settings-form.ts";

/** What the pages do with a form before Kratos gets it. */
const submissions = { login: submitLogin, recovery: submitRecovery, settings: submitSettings };

/**
 * The URLs at which Kratos' flows begin, and those to which their forms lead. Kratos has no other path at the front door:
 * sessions, schemas, and flows for programs are for the inside of the cluster.
 */
export async function kratosFormRoutes(app: App, context: Context): Promise<void> {
  await app.register((forms: App, _, done) => {
    // `formIn` reads the forms: it accepts JSON too, and no field twice.
    forms.removeAllContentTypeParsers();
    forms.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
    const begin = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      isPlainReturnUrl(rawParameter(request, "return_to"))
        ? answerWith(reply, await handOverBeginning(request, context))
        : sendFailure(request, reply, { kind: "request" });
    for (const { name } of flowKinds) {
      forms.get(`/self-service/${name}/browser`, begin);
    }
    for (const [name, submit] of Object.entries(submissions)) {
      forms.post(`/self-service/${name}`, (request, reply) => submit(request, reply, context));
    }
    // Kratos returns here when the person had to enter the password again.
    forms.get("/self-service/settings", (request, reply) =>
      tellingChanges(kratosCookies(request.headers.cookie), context.services, request.log, async () =>
        answerWith(reply, await handOverForm(request, context)),
      ),
    );
    done();
  });
}
