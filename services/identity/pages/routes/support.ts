import { icon, style } from "../html/style.ts";
import type { App } from "../request.ts";

const cacheForever = "public, max-age=31536000, immutable";

/** Routes that are not pages: style sheet, icon, and health endpoints. */
export function supportRoutes(app: App): void {
  app.get("/style.css", (_, reply) =>
    reply.header("content-type", "text/css; charset=utf-8").header("cache-control", cacheForever).send(style),
  );
  app.get("/icon.svg", (_, reply) =>
    reply.header("content-type", "image/svg+xml").header("cache-control", "public, max-age=86400").send(icon),
  );
  // Ready means that the pages are served. When Kratos or Hydra is away, the pages say so, which is better than a proxy's 503.
  for (const path of ["/health/alive", "/health/ready"]) {
    app.get(path, (_, reply) => reply.send({ status: "ok" }));
  }
}
