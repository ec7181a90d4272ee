import { once } from "node:events";
import { createServer, request, type IncomingMessage } from "node:http";
import { freePort } from "../../support/free-port.ts";

/** A proxy in front of a server. The test decides which requests reach the server. */
export interface FilteringProxy {
  readonly port: number;
  readonly url: string;
  /** Closes all connections and refuses new ones. */
  stop(): Promise<void>;
}

/**
 * Starts a proxy on the loopback interface.
 *
 * @param target - URL of the server
 * @param passes - whether the proxy forwards a request; a request that it does not forward gets no response
 * @param port - default: any free port
 */
export async function startFilteringProxy(
  target: string,
  passes: (request: IncomingMessage) => boolean,
  port?: number,
): Promise<FilteringProxy> {
  const server = createServer((incoming, answer) => {
    if (!passes(incoming)) {
      return;
    }
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? "/", target), { method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    incoming.pipe(onward);
  });
  const listenPort = port ?? (await freePort());
  server.listen(listenPort, "127.0.0.1");
  await once(server, "listening");
  return {
    port: listenPort,
    url: `http://127.0.0.1:${listenPort}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
