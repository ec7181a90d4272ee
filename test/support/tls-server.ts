import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { execa } from "execa";

/** A key, and a certificate of its own making, in PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** A certificate for 127.0.0.1, which is its own CA, made for one run of a test. */
export async function loopbackCertificate(): Promise<KeyAndCertificate> {
  const { stdout } = await execa("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"],
    ...["-subj", "/CN=loopback", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "-", "-out", "-"],
  ]);
  const begin = stdout.indexOf("-----BEGIN CERTIFICATE-----");
  return { key: stdout.slice(0, begin), certificate: `${stdout.slice(begin)}\n` };
}

/** One request as a test sees it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** The status code and the body of an answer; undefined hangs up. */
export type Answer = { readonly status: number; readonly body: string } | undefined;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  answering: (asked: Asked) => Answer | Promise<Answer>,
): Promise<void> {
  const told = await answering({
    method: request.method ?? "",
    path: request.url ?? "",
    authorization: request.headers.authorization,
    contentType: request.headers["content-type"],
    body: await text(request),
  });
  if (told === undefined) {
    request.socket.destroy();
  } else {
    response.writeHead(told.status, { "Content-Type": "application/json" }).end(told.body);
  }
}

/** An HTTPS server on the loopback whose answers a test decides. */
export class TlsServer {
  readonly #server: Server;

  constructor(tls: KeyAndCertificate, answering: (asked: Asked) => Answer | Promise<Answer>) {
    this.#server = createServer({ key: tls.key, cert: tls.certificate }, (request, response) => {
      answer(request, response, answering).catch((error: unknown) => response.destroy(Error(String(error))));
    });
  }

  /** @param port - Default: any that is free */
  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
