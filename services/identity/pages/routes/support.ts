import { icon, style } from "../html/style.ts";
import type { App } from "../request.ts";

const forGood = "public, max-age=31536000, immutable";

/** What is no page: style, icon, and what Kubernetes asks. */
export function supportRoutes(app: App): void {
  app.get("/style.css", (_, reply) =>
    reply.header("content-type", "text/css; charset=utf-8").header("cache-control", forGood).send(style),
  );
  app.get("/icon.svg", (_, reply) =>
    reply.header("content-type", "image/svg+xml").header("cache-control", "public, max-age=86400").send(icon),
  );
  // Ready means that the pages are served. When Kratos or Hydra is away they say so: that is better than a proxy's 503.
  for (const question of ["/health/alive", "/health/ready"]) {
    app.get(question, (_, reply) => reply.send({ status: "ok" }));
  }
}
