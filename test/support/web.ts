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

/** What came back. */
export interface WebAnswer {
  readonly status: number;
  readonly headers: Response["headers"];
  /** The body as JSON; as text where it is none. */
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

const spoken = z.object({ ui: z.object({ messages: z.array(z.object({ text: z.string() })) }) });

/** What an answer says: the messages of a Kratos flow, which is long; the beginning of anything else. */
function whatItSays(body: unknown): string {
  const { success, data } = spoken.safeParse(body);
  return success ? data.ui.messages.map(({ text }) => text).join("; ") : JSON.stringify(body).slice(0, 600);
}

/** The platform over HTTPS, trusting its internal CA and nothing else. Redirects are answers. */
export class Web {
  readonly #agent: Agent;

  constructor(ca: string) {
    this.#agent = new Agent({ connect: { ca }, headersTimeout: 20_000, bodyTimeout: 20_000 });
  }

  async ask(url: string, request: WebRequest = {}): Promise<WebAnswer> {
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

  /** Asks for something that must be there, of this shape. */
  async expect<T>(schema: z.ZodType<T>, url: string, request: WebRequest = {}): Promise<T> {
    const { status, body } = await this.ask(url, request);
    const result = schema.safeParse(body);
    if (status >= 300 || !result.success) {
      throw new Error(`${request.method ?? ""} ${url} answered ${status}: ${whatItSays(body)}`);
    }
    return result.data;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}
