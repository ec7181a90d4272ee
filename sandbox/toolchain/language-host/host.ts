import type { ServerWritableStream, UntypedServiceImplementation } from "@grpc/grpc-js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import type * as pb from "@pulumi/pulumi/proto/language_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import { Calls } from "../plugins/server/calls.ts";
import { Redactor } from "../plugins/server/redactor.ts";
import type { Children } from "./children.ts";
import { optionsOf } from "./options.ts";
import { installedPackages, requiredPlugins } from "./required-plugins.ts";
import { pluginProcess, policyProcess, programProcess } from "./runners.ts";

/** Exit code of Pulumi's runner when it has already printed the error (`cmd/run/index.js` of @pulumi/pulumi 3.259). */
const alreadyReported = 32;

/**
 * Runs Pulumi programs and policy packs with the Node of this process. The answer to any other call is Unimplemented.
 */
export class LanguageHost {
  readonly #engine: string;
  readonly #children: Children;
  readonly #calls = new Calls(new Redactor());

  constructor(engine: string, children: Children) {
    this.#engine = engine;
    this.#children = children;
  }

  implementation(): UntypedServiceImplementation {
    const unary = this.#calls.unary.bind(this.#calls);
    const stream = this.#calls.stream.bind(this.#calls);
    return {
      handshake: unary(() => new language.LanguageHandshakeResponse()),
      getPluginInfo: unary(() => new plugins.PluginInfo()),
      getRequiredPackages: unary((request: pb.GetRequiredPackagesRequest) => this.#requiredPackages(request)),
      getRequiredPlugins: unary((request: pb.GetRequiredPluginsRequest) => this.#requiredPlugins(request)),
      run: unary((request: pb.RunRequest) => this.#run(request)),
      runPlugin: stream((call: ServerWritableStream<pb.RunPluginRequest, pb.RunPluginResponse>) =>
        this.#runPlugin(call),
      ),
      installDependencies: stream(
        (call: ServerWritableStream<pb.InstallDependenciesRequest, pb.InstallDependenciesResponse>) =>
          this.#installDependencies(call),
      ),
      about: unary(() => this.#about()),
      getProgramDependencies: unary((request: pb.GetProgramDependenciesRequest) => this.#programDependencies(request)),
      cancel: unary(async () => {
        await this.#children.stop();
        return new empties.Empty();
      }),
    };
  }

  async #requiredPackages(request: pb.GetRequiredPackagesRequest): Promise<pb.GetRequiredPackagesResponse> {
    const required = await requiredPlugins(request.getInfo()?.getProgramDirectory() ?? process.cwd());
    const response = new language.GetRequiredPackagesResponse();
    response.setPackagesList(
      required.map(({ name, version, server }) =>
        new plugins.PackageDependency().setName(name).setKind("resource").setVersion(version).setServer(server),
      ),
    );
    return response;
  }

  async #requiredPlugins(request: pb.GetRequiredPluginsRequest): Promise<pb.GetRequiredPluginsResponse> {
    const required = await requiredPlugins(request.getInfo()?.getProgramDirectory() ?? request.getPwd());
    const response = new language.GetRequiredPluginsResponse();
    response.setPluginsList(
      required.map(({ name, version, server }) =>
        new plugins.PluginDependency().setName(name).setKind("resource").setVersion(version).setServer(server),
      ),
    );
    return response;
  }

  async #run(request: pb.RunRequest): Promise<pb.RunResponse> {
    const info = infoOf(request);
    // The program prints to the output of this process, which the engine reads and shows.
    const description = programProcess(request, info, this.#engine, optionsOf(info));
    const { exitCode, signal } = await this.#children.start(description, "inherit");
    const response = new language.RunResponse();
    if (exitCode === alreadyReported) {
      response.setBail(true);
    } else if (exitCode !== 0) {
      response.setError(
        `the program ended with ${exitCode === undefined ? `signal ${signal ?? "?"}` : `code ${exitCode}`}`,
      );
    }
    return response;
  }

  async #runPlugin(call: ServerWritableStream<pb.RunPluginRequest, pb.RunPluginResponse>): Promise<void> {
    const { request } = call;
    const info = infoOf(request);
    const folder = info.getProgramDirectory();
    const description =
      request.getKind() === "analyzer"
        ? policyProcess(folder, info.getEntryPoint(), request.getArgsList())
        : pluginProcess(folder, request.getPwd(), request.getArgsList(), optionsOf(info));
    const environment = Object.fromEntries(request.getEnvList().map(splitVariable));
    const child = this.#children.start({ ...description, env: { ...environment, ...description.env } }, "pipe");
    call.on("cancelled", () => child.kill());
    child.stdout?.on("data", (chunk: Uint8Array) => call.write(new language.RunPluginResponse().setStdout(chunk)));
    child.stderr?.on("data", (chunk: Uint8Array) => call.write(new language.RunPluginResponse().setStderr(chunk)));
    const { exitCode } = await child;
    call.write(new language.RunPluginResponse().setExitcode(exitCode ?? 1));
  }

  async #installDependencies(
    call: ServerWritableStream<pb.InstallDependenciesRequest, pb.InstallDependenciesResponse>,
  ): Promise<void> {
    const cwd = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
    const args = ["install", "--no-audit", "--no-fund"];
    const child = this.#children.start({ command: "npm", args, cwd, env: {} }, "pipe");
    child.stdout?.on("data", (chunk: Uint8Array) =>
      call.write(new language.InstallDependenciesResponse().setStdout(chunk)),
    );
    child.stderr?.on("data", (chunk: Uint8Array) =>
      call.write(new language.InstallDependenciesResponse().setStderr(chunk)),
    );
    const { exitCode } = await child;
    if (exitCode !== 0) {
      throw new Error(`npm install ended with code ${exitCode ?? "?"}`);
    }
  }

  #about(): pb.AboutResponse {
    const response = new language.AboutResponse();
    response.setExecutable(process.execPath);
    response.setVersion(process.version);
    return response;
  }

  async #programDependencies(request: pb.GetProgramDependenciesRequest): Promise<pb.GetProgramDependenciesResponse> {
    const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
    const packages = await installedPackages(folder, request.getTransitivedependencies());
    const response = new language.GetProgramDependenciesResponse();
    response.setDependenciesList(
      packages.map(({ name, version }) => new language.DependencyInfo().setName(name).setVersion(version)),
    );
    return response;
  }
}

function infoOf(request: { getInfo(): pb.ProgramInfo | undefined }): pb.ProgramInfo {
  const info = request.getInfo();
  if (info === undefined) {
    throw new Error("the request contains no program information: the engine is older than 3.100");
  }
  return info;
}

function splitVariable(variable: string): [name: string, value: string] {
  const at = variable.indexOf("=");
  return [variable.slice(0, at), variable.slice(at + 1)];
}
