import { credentials } from "@grpc/grpc-js";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";

export type Severity = "info" | "warning" | "debug";

const severities = {
  debug: engine.LogSeverity.DEBUG,
  info: engine.LogSeverity.INFO,
  warning: engine.LogSeverity.WARNING,
} satisfies Record<Severity, number>;

/** Shows messages to the operator through the engine. */
export class EngineLog {
  #client: EngineClient | undefined;

  /** Messages before this call are dropped. */
  connect(address: string): void {
    this.#client ??= new services.EngineClient(address, credentials.createInsecure());
  }

  /**
   * An `info` is a temporary status next to the resource, a `warning` stays in the summary, a `debug` needs `--debug`.
   *
   * Resolves even when the engine did not receive the message: a lost message must not fail a resource.
   */
  write(severity: Severity, message: string, urn: string): Promise<void> {
    const client = this.#client;
    if (client === undefined) {
      return Promise.resolve();
    }
    const request = new engine.LogRequest();
    request.setSeverity(severities[severity]);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(severity === "info");
    return new Promise((resolve) => client.log(request, () => resolve()));
  }
}
