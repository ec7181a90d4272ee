import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import { execa } from "execa";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { z } from "zod";
import { projectFolder } from "../../../sandbox/builds/folders.ts";

const written = z.tuple([z.instanceof(Buffer)]);

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

function answer<Response>(send: (callback: Callback<Response>) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

describe("the policy pack", () => {
  const folder = join(projectFolder, "policies");
  const stop = new AbortController();
  let pack: InstanceType<typeof services.AnalyzerClient>;

  // As the engine does: the pack writes the port on which it listens.
  before(async () => {
    const node = join(projectFolder, "node_modules", ".bin", "node");
    const running = execa(node, ["index.ts"], { cwd: folder, cancelSignal: stop.signal, reject: false });
    const [port] = written.parse(await once(running.stdout, "data"));
    pack = new services.AnalyzerClient(`127.0.0.1:${port.toString().trim()}`, credentials.createInsecure());
  });

  after(() => {
    pack.close();
    stop.abort();
  });

  it("serves every policy of its folder, by the name of the file", async () => {
    const info = await answer<InstanceType<typeof analyzer.AnalyzerInfo>>((callback) =>
      pack.getAnalyzerInfo(new empty.Empty(), callback),
    );
    const files = (await readdir(folder)).filter((file) => file.endsWith(".ts") && file !== "index.ts");
    assert.deepEqual(
      info
        .getPoliciesList()
        .map((policy) => `${policy.getName()}.ts`)
        .sort(),
      files.sort(),
    );
  });

  it("stops a deployment of an Ingress without TLS", async () => {
    const type = "kubernetes:networking.k8s.io/v1:Ingress";
    const request = new analyzer.AnalyzeRequest()
      .setType(type)
      .setName("page")
      .setUrn(`urn:pulumi:test::bibind::${type}::page`)
      .setOptions(new analyzer.AnalyzerResourceOptions())
      .setProperties(
        struct.Struct.fromJavaScript({
          metadata: { annotations: { "traefik.ingress.kubernetes.io/router.entrypoints": "websecure" } },
          spec: { rules: [{ host: "page.bibind.test" }] },
        }),
      );
    const response = await answer<InstanceType<typeof analyzer.AnalyzeResponse>>((callback) =>
      pack.analyze(request, callback),
    );
    assert.deepEqual(
      response.getDiagnosticsList().map((violation) => [violation.getPolicyname(), violation.getEnforcementlevel()]),
      [["disallow-ingress-without-tls", analyzer.EnforcementLevel.MANDATORY]],
    );
  });
});
