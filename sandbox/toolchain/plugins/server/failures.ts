import { Metadata, status } from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { structOf } from "./messages.ts";
import type { Redactor } from "./redactor.ts";
import type { WireProperties } from "./wire.ts";

/** A failed call in gRPC's form. */
export interface CallFailure {
  readonly code: number;
  readonly details: string;
  readonly metadata?: Metadata;
}

/** An unhealthy resource in the protocol's form. */
export interface WireResource {
  readonly id: string;
  readonly inputs: WireProperties;
  readonly outputs: WireProperties;
  readonly reasons: readonly string[];
}

/** The failure for a resource that exists but is not healthy. The engine keeps the resource in the state. */
export function unhealthyFailure(message: string, resource: WireResource): CallFailure {
  const detail = new provider.ErrorResourceInitFailed();
  detail.setId(resource.id);
  detail.setInputs(structOf(resource.inputs));
  detail.setProperties(structOf(resource.outputs));
  detail.setReasonsList([...resource.reasons]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new statuses.Status();
  answer.setCode(status.UNKNOWN);
  answer.setMessage(message);
  answer.addDetails(packed);
  const metadata = new Metadata();
  // gRPC carries structured errors in this trailer. The Go library sets it automatically, the Node library does not.
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return { code: status.UNKNOWN, details: message, metadata };
}

/** A failure that is already in the protocol's form. */
export class ProtocolFailure extends Error {
  readonly failure: CallFailure;

  constructor(failure: CallFailure, cause: unknown) {
    super(failure.details, { cause });
    this.failure = failure;
  }
}

/**
 * The failure for any error. It contains only the message of an OperatorError, and the stack trace of any other error.
 */
export function failureOf(error: unknown, redactor: Redactor): CallFailure {
  if (error instanceof ProtocolFailure) {
    return error.failure;
  }
  const details = error instanceof OperatorError ? error.message : traceOf(error);
  return { code: status.UNKNOWN, details: redactor.redact(details) };
}

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
