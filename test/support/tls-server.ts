import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { execa } from "execa";

/** A private key and its self-signed certificate, in PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** Creates a self-signed certificate for 127.0.0.1, valid for a day. */
export async function loopbackCertificate(): Promise<KeyAndCertificate> {
  const { stdout } = await execa("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"],
    ...["-subj", "/CN=loopback", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "-", "-out", "-"],
  ]);
  const begin = stdout.indexOf("-----BEGIN CERTIFICATE-----");
  return { key: stdout.slice(0, begin), certificate: `${stdout.slice(begin)}\n` };
}

/** A request that the server received. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** The status code and the body of a response. With undefined, the server closes the connection without a response. */
export type Answer = { readonly status: number; readonly body: string } | undefined;

/** Decides the answer to a request. */
export type Handler = (request: ReceivedRequest) => Answer | Promise<Answer>;

async function respond(request: IncomingMessage, response: ServerResponse, handler: Handler): Promise<void> {
  const answer = await handler({
    method: request.method ?? "",
    path: request.url ?? "",
    authorization: request.headers.authorization,
    contentType: request.headers["content-type"],
    body: await text(request),
  });
  if (answer === undefined) {
    request.socket.destroy();
  } else {
    response.writeHead(answer.status, { "Content-Type": "application/json" }).end(answer.body);
  }
}

/** An HTTPS server on the loopback interface. A test decides its answers. */
export class TlsServer {
  readonly #server: Server;

  constructor(tls: KeyAndCertificate, handler: Handler) {
    this.#server = createServer({ key: tls.key, cert: tls.certificate }, (request, response) => {
      respond(request, response, handler).catch((error: unknown) => response.destroy(Error(String(error))));
    });
  }

  /** @param port - default: any free port */
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

/** A TlsServer for a suite, and what it received in the current test. */
export interface RecordingServer {
  readonly tls: KeyAndCertificate;
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
}

/** Gives a suite a TlsServer that answers every request with an empty object. */
export function useRecordingServer(): () => RecordingServer {
  let tls: KeyAndCertificate;
  let server: TlsServer;
  let requests: ReceivedRequest[] = [];

  before(async () => {
    tls = await loopbackCertificate();
    server = new TlsServer(tls, (request) => {
      requests.push(request);
      return { status: 200, body: "{}" };
    });
    await server.listen();
  });
  beforeEach(() => {
    requests = [];
  });
  after(() => server.stop());

  return () => ({ tls, url: server.url, requests });
}
