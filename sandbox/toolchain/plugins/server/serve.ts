import { Server, ServerCredentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { engineAddress } from "./arguments.ts";
import type { ResourcePlugin } from "./plugin.ts";
import { exitWithParent } from "./exit-with-parent.ts";
import { ResourceProviderService } from "./service.ts";

/** The engine sends whole manifests. Its own limit is 400 MiB (`rpcutil.GrpcChannelOptions`). */
const largestMessage = 400 * 1024 * 1024;

/** A running server of a plugin. */
export interface PluginServer {
  readonly port: number;
  readonly service: ResourceProviderService;
  readonly stop: () => void;
}

/** Serves a plugin on a free port of the loopback interface. */
export async function listen(plugin: ResourcePlugin): Promise<PluginServer> {
  const service = new ResourceProviderService(plugin);
  const server = new Server({ "grpc.max_receive_message_length": largestMessage });
  server.addService(services.ResourceProviderService, service.implementation());
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) {
        resolve(bound);
      } else {
        reject(error);
      }
    });
  });
  return { port, service, stop: () => server.forceShutdown() };
}

/**
 * Runs a plugin as a process of the engine: prints the port, answers calls, and ends with the engine.
 *
 * The plugin receives secrets unwrapped. A property of its answer is marked as secret in these cases:
 * - it has the value of a secret in the request;
 * - the top-level property of the same name contained a secret in the request;
 * - `alwaysSecret` contains its name;
 * - its value contains a secret string of the request.
 *
 * Errors and messages are redacted: they contain no secret string of six or more characters that this process has
 * received.
 */
export async function servePlugin(plugin: ResourcePlugin): Promise<void> {
  const { port, service } = await listen(plugin);
  const address = engineAddress(process.argv.slice(2));
  if (address !== undefined) {
    service.log.connect(address);
  }
  const fail = (error: unknown) => {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${service.redactor.redact(trace)}\n`);
    process.exit(1);
  };
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  exitWithParent(() => service.cancel());
  process.stdout.write(`${port}\n`);
}
