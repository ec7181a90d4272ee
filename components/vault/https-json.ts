import type { OutgoingHttpHeaders } from "node:http";
import { request, type RequestOptions } from "node:https";

/** TLS options and headers of a request. */
export interface JsonRequestOptions extends Omit<RequestOptions, "headers"> {
  readonly headers?: OutgoingHttpHeaders;
}

/** The answer of a server that refused the request. */
export class HttpRefusal extends Error {
  override readonly name = "HttpRefusal";
  /** HTTP status. */
  readonly status: number;

  constructor(status: number, body: string) {
    super(`HTTP ${status}: ${body.slice(0, 300)}`);
    this.status = status;
  }
}

/** A server answered something that is not JSON. The message does not show it, because it may hold a token. */
export class NoJson extends Error {
  override readonly name = "NoJson";

  constructor(host: string) {
    super(`${host} answered something that is not JSON`);
  }
}

const timeoutMilliseconds = 10_000;

/**
 * Posts JSON over TLS and parses the JSON of the answer.
 *
 * It does not use `fetch`, which takes neither a CA nor a client certificate.
 *
 * @throws HttpRefusal for any status of 300 or more; NoJson for an answer without JSON; Error when there is no answer
 * within 10 s
 */
export function postJson(url: URL, body: unknown, options: JsonRequestOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const headers = {
      ...options.headers,
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(text),
    };
    const sent = request(url, { ...options, method: "POST", headers, timeout: timeoutMilliseconds }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const answer = Buffer.concat(chunks).toString("utf8");
        const status = response.statusCode ?? 0;
        if (status < 200 || status >= 300) {
          reject(new HttpRefusal(status, answer));
          return;
        }
        try {
          resolve(JSON.parse(answer));
        } catch {
          reject(new NoJson(url.host));
        }
      });
    });
    sent.on("timeout", () =>
      sent.destroy(new Error(`${url.host} did not answer within ${timeoutMilliseconds / 1000} s`)),
    );
    sent.on("error", reject);
    sent.end(text);
  });
}
