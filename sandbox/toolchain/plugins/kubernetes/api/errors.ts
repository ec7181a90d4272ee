import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { listAt, numberAt, textAt, type JsonObject } from "../manifest/json.ts";

/** The name of an object in the cluster. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export function nameText(object: ObjectName): string {
  const where = object.namespace === undefined || object.namespace === "" ? "" : ` in namespace "${object.namespace}"`;
  return `${object.kind} "${object.name}"${where}`;
}

/** One entry of `details.causes` in the Status of a refusal. */
export interface Cause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** The API server refused a request. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;
  readonly reason: string;
  readonly causes: readonly Cause[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: number, status: JsonObject, fallback: string) {
    super(textAt(status, "message") ?? fallback);
    this.code = code;
    this.reason = textAt(status, "reason") ?? "";
    this.causes = listAt(status, "details", "causes").map((cause) => ({
      reason: textAt(cause, "reason") ?? "",
      field: textAt(cause, "field") ?? "",
      message: textAt(cause, "message") ?? "",
    }));
    this.retryAfterSeconds = numberAt(status, "details", "retryAfterSeconds");
  }
}

/** The API server did not answer. */
export class UnreachableError extends OperatorError {
  constructor(server: string, cause: unknown) {
    super(
      {
        what: `The Kubernetes API server does not answer: ${reasonOf(cause)}.`,
        where: server,
        remedy:
          "Check that the machine and its Kubernetes are running (`microk8s status --wait-ready`) and that the provider's kubeconfig is for this cluster.",
      },
      { cause },
    );
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return reasonOf(cause.errors[0]);
  }
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

/** The operator interrupted the run. */
export class CancelledError extends OperatorError {
  constructor(what: string) {
    super({
      what: `Interrupted while ${what}.`,
      where: "this run",
      remedy: "Run the same command again. It resumes from this step.",
    });
  }
}
