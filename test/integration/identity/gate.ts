import { once } from "node:events";
import { createServer, request, type IncomingMessage } from "node:http";
import { freePort } from "../../support/free-port.ts";

/** A proxy in front of a server of the test. The test decides which requests reach the server. */
export interface Gate {
  readonly port: number;
  readonly url: string;
  /** Refuses connections from now on. */
  stop(): Promise<void>;
}

/**
 * @param passes - whether a request reaches the server; a request that does not gets no answer
 * @param port - default: any that is free
 */
export async function startGate(
  target: string,
  passes: (request: IncomingMessage) => boolean,
  port?: number,
): Promise<Gate> {
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
