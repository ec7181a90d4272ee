import { Server, ServerCredentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { engineAddress } from "../plugins/server/arguments.ts";
import { exitWithParent } from "../plugins/server/exit-with-parent.ts";
import { Children } from "./children.ts";
import { LanguageHost } from "./host.ts";

const children = new Children();
const host = new LanguageHost(engineAddress(process.argv.slice(2)) ?? "", children);
const server = new Server();
server.addService(services.LanguageRuntimeService, host.implementation());
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) {
    throw error;
  }
  exitWithParent(() => children.stop());
  process.stdout.write(`${port}\n`);
});
