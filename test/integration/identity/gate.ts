import { once } from "node:events";
import { createServer, request, type IncomingMessage } from "node:http";
import { freePort } from "../../support/free-port.ts";

/** A proxy before a server of the test, which decides what reaches it. */
export interface Gate {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * @param passes - whether a request reaches the server; one that does not is never answered
 */
export async function startGate(target: string, passes: (request: IncomingMessage) => boolean): Promise<Gate> {
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
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
