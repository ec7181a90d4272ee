import type { ServerWritableStream } from "@grpc/grpc-js";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { failureOf, type CallFailure } from "./failures.ts";
import type { Redactor } from "./redactor.ts";

type Handle<Request, Response> = (request: Request) => Response | Promise<Response>;
type Callback<Response> = (failure: CallFailure | null, response?: Response) => void;

/** Turns functions into gRPC methods, tracks the running calls and cancels them. */
export class Calls {
  readonly #redactor: Redactor;
  readonly #cancellation = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** Aborted by `cancel`. */
  get cancelled(): AbortSignal {
    return this.#cancellation.signal;
  }

  /** Asks every running and later call to stop. */
  cancel(): void {
    this.#cancellation.abort(
      new OperatorError({ what: "interrupted", where: "the running operation", remedy: "run the command again" }),
    );
  }

  /** Resolves when no call is running. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** A method from a function that returns the response or throws. */
  unary<Request, Response>(handle: Handle<Request, Response>) {
    return (call: { readonly request: Request }, callback: Callback<Response>): void => {
      this.#track(this.#answer(handle, call.request, callback));
    };
  }

  /** A streaming method from a function that writes responses. The stream ends when the function does. */
  stream<Request, Response>(handle: (call: ServerWritableStream<Request, Response>) => Promise<void>) {
    return (call: ServerWritableStream<Request, Response>): void => {
      this.#track(
        handle(call).then(
          () => void call.end(),
          (error: unknown) => void call.emit("error", failureOf(error, this.#redactor)),
        ),
      );
    };
  }

  #track(call: Promise<void>): void {
    this.#running.add(call);
    void call.finally(() => this.#running.delete(call));
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
