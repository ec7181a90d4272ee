import type { ServerWritableStream } from "@grpc/grpc-js";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { failureOf, type CallFailure } from "./failures.ts";
import type { Redactor } from "./redactor.ts";

type Handle<Request, Response> = (request: Request) => Response | Promise<Response>;
type Callback<Response> = (failure: CallFailure | null, response?: Response) => void;

/** The calls a server works on: answers each, knows which still run, and can tell all of them to stop. */
export class Calls {
  readonly #redactor: Redactor;
  readonly #cancellation = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** Aborted once `stop` was called. */
  get cancelled(): AbortSignal {
    return this.#cancellation.signal;
  }

  stop(): void {
    this.#cancellation.abort(
      new OperatorError({ what: "interrupted", where: "the running operation", remedy: "run the command again" }),
    );
  }

  /** Resolves when no call runs any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** The same for a method that answers with a stream: ends it when the function is done. */
  stream<Request, Response>(handle: (call: ServerWritableStream<Request, Response>) => Promise<void>) {
    return (call: ServerWritableStream<Request, Response>): void => {
      const done = handle(call).then(
        () => call.end(),
        (error: unknown) => call.emit("error", failureOf(error, this.#redactor)),
      );
      const settled = done.then(() => undefined);
      this.#running.add(settled);
      void settled.finally(() => this.#running.delete(settled));
    };
  }

  /** A method as gRPC wants it, from a function that returns the answer or throws. */
  unary<Request, Response>(handle: Handle<Request, Response>) {
    return (call: { readonly request: Request }, callback: Callback<Response>): void => {
      const done = this.#answer(handle, call.request, callback);
      this.#running.add(done);
      void done.finally(() => this.#running.delete(done));
    };
  }

  async #answer<Request, Response>(
    handle: Handle<Request, Response>,
    request: Request,
    callback: Callback<Response>,
  ): Promise<void> {
    try {
      callback(null, await handle(request));
    } catch (error) {
      callback(failureOf(error, this.#redactor));
    }
  }
}
