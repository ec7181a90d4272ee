import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { createServer, request as httpsRequest } from "node:https";
import { join } from "node:path";
import { execa } from "execa";
import { hydraPaths } from "../../../components/identity/hydra.ts";

/** Creates a self-signed certificate for the loopback interface: `tls.crt` and `tls.key` in the folder. */
export async function selfSigned(folder: string): Promise<{ certFile: string; keyFile: string }> {
  const [certFile, keyFile] = [join(folder, "tls.crt"), join(folder, "tls.key")];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  await execa("openssl", ["req", "-x509", ...key, ...names, "-keyout", keyFile, "-out", certFile]);
  return { certFile, keyFile };
}

/** URLs of the servers behind the reverse proxy. The path of a request selects one, as in the platform's ingress. */
export interface Backends {
  readonly hydra: string;
  readonly pages: string;
}

function backendFor(url: string, { hydra, pages }: Backends): string {
  const [path = ""] = url.split("?");
  return hydraPaths.includes(path) ? hydra : pages;
}

/** A reverse proxy. Its URL is known before its backends are. */
export interface ReverseProxy {
  readonly url: string;
  /** Forwards requests from now on. */
  forwardTo(backends: Backends): void;
  stop(): Promise<void>;
}

/** Starts a reverse proxy on the loopback interface: one HTTPS origin for Hydra and the pages. */
export async function startReverseProxy(files: {
  readonly certFile: string;
  readonly keyFile: string;
}): Promise<ReverseProxy> {
  const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
  let backends: Backends | undefined;
  const server = createServer({ cert, key }, (incoming, answer) => {
    if (backends === undefined) {
      answer.writeHead(503).end();
      return;
    }
    const target = new URL(incoming.url ?? "/", backendFor(incoming.url ?? "/", backends));
    const { method } = incoming;
    // Traefik does the same: what a client claims about others is not passed on.
    const headers = {
      ...incoming.headers,
      "x-forwarded-proto": "https",
      "x-forwarded-for": incoming.socket.remoteAddress ?? "",
    };
    const send = target.protocol === "https:" ? httpsRequest : httpRequest;
    const onward = send(target, { method, headers, ca: cert }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    onward.on("error", (error) => answer.writeHead(502).end(String(error)));
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `https://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    forwardTo(servers) {
      backends = servers;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
