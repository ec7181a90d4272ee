import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, ServerCredentials, credentials, status, type ServiceError } from "@grpc/grpc-js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import { projectFolder } from "../../../../../sandbox/builds/folders.ts";
import { Children } from "../../../../../sandbox/toolchain/language-host/children.ts";
import { LanguageHost } from "../../../../../sandbox/toolchain/language-host/host.ts";

type Client = InstanceType<typeof services.LanguageRuntimeClient>;

function answer<Response>(send: (callback: (error: ServiceError | null, response: Response) => void) => void) {
  return new Promise<Response>((resolve, reject) => {
    send((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

describe("The Node language host", () => {
  let server: Server;
  let client: Client;
  let children: Children;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-host-"));
    children = new Children();
    server = new Server();
    server.addService(services.LanguageRuntimeService, new LanguageHost("", children).implementation());
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    client = new services.LanguageRuntimeClient(`127.0.0.1:${port}`, credentials.createInsecure());
  });
  afterEach(async () => {
    await children.stop();
    client.close();
    server.forceShutdown();
    await rm(folder, { recursive: true, force: true });
  });

  const info = (options: Record<string, string | boolean> = {}) =>
    new language.ProgramInfo()
      .setRootDirectory(folder)
      .setProgramDirectory(folder)
      .setEntryPoint("index.ts")
      .setOptions(struct.Struct.fromJavaScript(options));

  /** Runs the folder as a plugin that is not a policy pack, and collects its output and exit code. */
  const runPlugin = (...args: string[]) => {
    const request = new language.RunPluginRequest().setInfo(info()).setPwd(folder).setArgsList(args);
    request.setEnvList(["GREETING=hello=world"]);
    const call = client.runPlugin(request.setKind("resource"));
    return new Promise<{ stdout: string; stderr: string; code: number }>((resolve, reject) => {
      const result = { stdout: "", stderr: "", code: -1 };
      call.on("data", (message: InstanceType<typeof language.RunPluginResponse>) => {
        result.stdout += Buffer.from(message.getStdout_asU8()).toString();
        result.stderr += Buffer.from(message.getStderr_asU8()).toString();
        result.code = message.hasExitcode() ? message.getExitcode() : result.code;
      });
      call.on("end", () => resolve(result));
      call.on("error", reject);
    });
  };

  it("reports its version of Node", async () => {
    const about = await answer<InstanceType<typeof language.AboutResponse>>((callback) =>
      client.about(new language.AboutRequest(), callback),
    );
    assert.deepEqual([about.getExecutable(), about.getVersion()], [process.execPath, process.version]);
  });

  it("refuses an unknown runtime option", async () => {
    const request = new language.RunRequest().setInfo(info({ typescript: false, bundler: "x" }));
    const work = answer((callback) => client.run(request, callback));
    await assert.rejects(work, /does not support these options:[^]*bundler[^]*Pulumi\.yaml/);
  });

  it("explains what to do when the program's packages are not installed", async () => {
    const work = answer((callback) => client.run(new language.RunRequest().setInfo(info()).setPwd(folder), callback));
    await assert.rejects(work, /npm packages are not installed[^]*npm ci/);
  });

  it("answers any other call with Unimplemented", async () => {
    const work = answer((callback) => client.generateProgram(new language.GenerateProgramRequest(), callback));
    await assert.rejects(work, { code: status.UNIMPLEMENTED });
  });

  it("streams the output of a plugin, and its exit code", async () => {
    await mkdir(join(folder, "node_modules"));
    await symlink(join(projectFolder, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"));
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "plugin", main: "index.js" }));
    const source = "console.log(process.env.GREETING, process.argv[2]); console.error('note'); process.exitCode = 3;";
    await writeFile(join(folder, "index.js"), source);
    const { stdout, stderr, code } = await runPlugin("argument");
    assert.equal(stdout, "hello=world argument\n");
    assert.match(stderr, /note/);
    assert.equal(code, 3);
  }).timeout(60_000);

  it("stops its processes when it is cancelled", async () => {
    const child = children.start({ command: "sleep", args: ["600"], cwd: folder, env: {} }, "pipe");
    await answer((callback) => client.cancel(new empties.Empty(), callback));
    assert.equal((await child).signal, "SIGTERM");
  });
});
