import { Agent, fetch, type RequestInit, type Response } from "undici";
import { z } from "zod";

/** How a request differs from a GET without a body. */
export interface WebRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
}

/** A response. */
export interface WebResponse {
  readonly status: number;
  readonly headers: Response["headers"];
  /** The parsed JSON of the body, or its text if it is not JSON. */
  readonly body: unknown;
}

interface Body {
  readonly body?: NonNullable<RequestInit["body"]>;
  readonly headers?: Readonly<Record<string, string>>;
}

function bodyOf({ json, form }: WebRequest): Body {
  if (json !== undefined) {
    return { body: JSON.stringify(json), headers: { "content-type": "application/json" } };
  }
  return form === undefined ? {} : { body: new URLSearchParams(form) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const kratosFlow = z.object({ ui: z.object({ messages: z.array(z.object({ text: z.string() })) }) });

/** A short text about a response, for an error: the messages of a Kratos flow, or the first characters of another body. */
function summaryOf(body: unknown): string {
  const { success, data } = kratosFlow.safeParse(body);
  return success ? data.ui.messages.map(({ text }) => text).join("; ") : JSON.stringify(body).slice(0, 600);
}

/** An HTTPS client of the platform. It trusts only the internal CA, and it does not follow redirects. */
export class Web {
  readonly #agent: Agent;

  constructor(ca: string) {
    this.#agent = new Agent({ connect: { ca }, headersTimeout: 20_000, bodyTimeout: 20_000 });
  }

  async request(url: string, request: WebRequest = {}): Promise<WebResponse> {
    const { body, headers } = bodyOf(request);
    const response = await fetch(url, {
      method: request.method ?? (body === undefined ? "GET" : "POST"),
      headers: { accept: "application/json", ...headers, ...request.headers },
      body: body ?? null,
      redirect: "manual",
      dispatcher: this.#agent,
    });
    return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
  }

  /**
   * Sends a request and checks the body of the response.
   *
   * @throws Error when the status is 300 or more, or when the body does not have this shape
   */
  async expect<T>(schema: z.ZodType<T>, url: string, request: WebRequest = {}): Promise<T> {
    const { status, body } = await this.request(url, request);
    const result = schema.safeParse(body);
    if (status >= 300 || !result.success) {
      throw new Error(`${request.method ?? ""} ${url} answered ${status}: ${summaryOf(body)}`);
    }
    return result.data;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}
