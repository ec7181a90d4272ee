import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import csrf from "@fastify/csrf-protection";
import formbody from "@fastify/formbody";
import helmet from "@fastify/helmet";
import { fastify, LogController } from "fastify";
import type { Log } from "../log.ts";
import type { App, Context } from "./request.ts";
import { addressRoutes } from "./routes/address.ts";
import { consentRoutes } from "./routes/consent.ts";
import { errorRoutes } from "./routes/error.ts";
import { flowRoutes } from "./routes/flows.ts";
import { kratosFormRoutes } from "./routes/kratos-forms.ts";
import { logoutRoutes } from "./routes/logout.ts";
import { profileRoutes } from "./routes/profile.ts";
import { registrationRoutes } from "./routes/registration.ts";
import { startRoutes } from "./routes/start.ts";
import { supportRoutes } from "./routes/support.ts";
import { helmetOptions } from "./security.ts";
import type { Pair } from "./tls.ts";

/** Bytes of a form at most; ours are small. */
const longestBody = 64 * 1024;

/** Logs each request without its query, which contains challenges and ids of flows. */
function logRequests(app: App): void {
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "(none)";
    if (!route.startsWith("/health/")) {
      const { method } = request;
      request.log.info({ method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, "request");
    }
  });
}

/**
 * The web server of the pages. It does not listen yet.
 *
 * @param cookieSecret - signs the cookie that protects our own forms (CSRF)
 */
export async function createServer(context: Context, tls: Pair, cookieSecret: string, log: Log): Promise<App> {
  const app: App = fastify({
    https: { ...tls },
    loggerInstance: log,
    // `logRequests` logs the requests: fastify would log their queries.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: longestBody,
    // The ingress is in front: the client is the last address that it names. Those before it are what the client claims.
    trustProxy: (_address, hop) => hop === 0,
    // A server that closes answers the requests that it has, and refuses new ones.
    return503OnClosing: true,
    forceCloseConnections: "idle",
  });
  await app.register(helmet, helmetOptions);
  await app.register(formbody);
  await app.register(cookie, { secret: cookieSecret });
  await app.register(csrf, {
    cookieKey: "__Host-bibind-form",
    cookieOpts: { path: "/", secure: true, httpOnly: true, sameSite: "lax", signed: true },
  });
  logRequests(app);
  startRoutes(app, context);
  supportRoutes(app);
  errorRoutes(app, context);
  await kratosFormRoutes(app, context);
  flowRoutes(app, context);
  registrationRoutes(app, context);
  profileRoutes(app, context);
  addressRoutes(app, context);
  consentRoutes(app, context);
  logoutRoutes(app, context);
  return app;
}
