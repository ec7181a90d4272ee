import { once } from "node:events";
import { createServer, type Server } from "node:http";

/**
 * Serves `/health/alive` and `/health/ready` over HTTP for kubelet's probes.
 *
 * @returns a server that is already listening
 */
export async function serveHealth(port: number, isReady: () => boolean): Promise<Server> {
  const status = (path: string | undefined): number => {
    switch (path) {
      case "/health/alive":
        return 200;
      case "/health/ready":
        return isReady() ? 200 : 503;
      default:
        return 404;
    }
  };
  const server = createServer((request, response) => {
    response.writeHead(status(request.url)).end();
  });
  server.listen(port);
  await once(server, "listening");
  return server;
}
