import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as pb from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import { Answers } from "./answers.ts";
import { Calls } from "./calls.ts";
import { differences } from "./differences.ts";
import { EngineLog } from "./engine-log.ts";
import { diffResponseOf, failuresOf, structOf, wireOf } from "./messages.ts";
import type { ResourceContext, ResourcePlugin } from "./plugin.ts";
import { Redactor } from "./redactor.ts";
import { unknownFunction } from "./refusals.ts";
import { without, type Properties } from "./values.ts";
import { decode, withoutPublicStrings, type Decoded } from "./wire.ts";

/** Settings that the engine adds to those of the program. */
const engineSettings = ["version", "pluginDownloadURL", "__internal"];

interface ResourceRequest {
  getUrn(): string;
  getName(): string;
  getType(): string;
  getTimeout?(): number;
  getPreview?(): boolean;
}

/** Serves a `ResourcePlugin` in the engine's protocol: one method for each call. */
export class ResourceProviderService {
  readonly log = new EngineLog();
  readonly redactor = new Redactor();
  readonly #plugin: ResourcePlugin;
  readonly #calls: Calls;
  readonly #answers: Answers;

  constructor(plugin: ResourcePlugin) {
    this.#plugin = plugin;
    this.#calls = new Calls(this.redactor);
    this.#answers = new Answers(plugin, this.redactor);
  }

  /** The methods for gRPC. The answer to any other call is Unimplemented. */
  implementation(): UntypedServiceImplementation {
    const unary = this.#calls.unary.bind(this.#calls);
    return {
      handshake: unary((request: pb.ProviderHandshakeRequest) => this.#handshake(request)),
      attach: unary((request: InstanceType<typeof plugins.PluginAttach>) => {
        this.log.connect(request.getAddress());
        return new empties.Empty();
      }),
      getPluginInfo: unary(() => this.#info()),
      getSchema: unary(() => this.#schema()),
      // `configure` refuses invalid settings.
      checkConfig: unary((request: pb.CheckRequest) => new provider.CheckResponse().setInputs(request.getNews())),
      diffConfig: unary((request: pb.DiffRequest) => this.#diffConfig(request)),
      configure: unary((request: pb.ConfigureRequest) => this.#configure(request)),
      check: unary((request: pb.CheckRequest) => this.#check(request)),
      diff: unary((request: pb.DiffRequest) => this.#diff(request)),
      create: unary((request: pb.CreateRequest) => this.#create(request)),
      read: unary((request: pb.ReadRequest) => this.#read(request)),
      update: unary((request: pb.UpdateRequest) => this.#update(request)),
      delete: unary((request: pb.DeleteRequest) => this.#delete(request)),
      invoke: unary((request: pb.InvokeRequest): pb.InvokeResponse => {
        throw unknownFunction(request.getTok(), this.#plugin);
      }),
      cancel: unary(() => {
        this.#calls.cancel();
        return new empties.Empty();
      }),
    };
  }

  /** Asks every running and later call to stop; resolves when none is running. */
  async cancel(): Promise<void> {
    this.#calls.cancel();
    await this.#calls.idle();
  }

  #handshake(request: pb.ProviderHandshakeRequest): pb.ProviderHandshakeResponse {
    this.log.connect(request.getEngineAddress());
    const response = new provider.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    return response;
  }

  #info() {
    const info = new plugins.PluginInfo();
    info.setVersion(this.#plugin.version);
    return info;
  }

  #schema(): pb.GetSchemaResponse {
    const response = new provider.GetSchemaResponse();
    response.setSchema(JSON.stringify({ name: this.#plugin.name, version: this.#plugin.version }));
    return response;
  }

  async #diffConfig(request: pb.DiffRequest): Promise<pb.DiffResponse> {
    const olds = settingsOf(this.#decode(request.getOldInputs() ?? request.getOlds()));
    const news = settingsOf(this.#decode(request.getNews()));
    return diffResponseOf((await this.#plugin.diffConfig?.(olds, news)) ?? differences(olds, news));
  }

  async #configure(request: pb.ConfigureRequest): Promise<pb.ConfigureResponse> {
    await this.#plugin.configure(settingsOf(this.#decode(request.getArgs())));
    const response = new provider.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }

  async #check(request: pb.CheckRequest): Promise<pb.CheckResponse> {
    const olds = this.#decode(request.getOlds());
    const news = this.#decode(request.getNews());
    const context = this.#context(request);
    const seed = request.getRandomseed_asU8();
    const { inputs, failures } = await this.#plugin.check(context, olds.properties, news.properties, seed);
    const response = new provider.CheckResponse();
    // A plugin may copy an old value, such as a generated one. If it was secret, it stays secret.
    const sources = { type: request.getType(), decoded: [news, { ...olds, secretStrings: [] }] };
    response.setInputs(structOf(this.#answers.properties(sources, inputs)));
    response.setFailuresList(failuresOf(failures));
    return response;
  }

  async #diff(request: pb.DiffRequest): Promise<pb.DiffResponse> {
    const oldInputs = this.#decode(request.getOldInputs());
    const result = await this.#plugin.diff(
      this.#context(request),
      request.getId(),
      oldInputs.properties,
      this.#decode(request.getOlds(), oldInputs).properties,
      this.#decode(request.getNews()).properties,
      request.getIgnorechangesList(),
    );
    return diffResponseOf(result);
  }

  async #create(request: pb.CreateRequest): Promise<pb.CreateResponse> {
    const inputs = this.#decode(request.getProperties());
    const sources = { type: request.getType(), decoded: [inputs] };
    const { id, outputs } = await this.#answers.orUnhealthy(sources, () =>
      this.#plugin.create(this.#context(request), inputs.properties),
    );
    const response = new provider.CreateResponse();
    response.setId(id);
    response.setProperties(structOf(this.#answers.properties(sources, outputs)));
    return response;
  }

  async #read(request: pb.ReadRequest): Promise<pb.ReadResponse> {
    const inputs = this.#decode(request.getInputs());
    const outputs = this.#decode(request.getProperties(), inputs);
    const sources = { type: request.getType(), decoded: [outputs, inputs] };
    const found = await this.#answers.orUnhealthy(sources, () =>
      this.#plugin.read(this.#context(request), request.getId(), inputs.properties, outputs.properties),
    );
    const response = new provider.ReadResponse();
    if (found !== undefined) {
      response.setId(found.id);
      const inputSources = { ...sources, decoded: [inputs, outputs] };
      response.setInputs(structOf(this.#answers.properties(inputSources, found.inputs)));
      response.setProperties(structOf(this.#answers.properties(sources, found.outputs)));
    }
    return response;
  }

  async #update(request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
    const news = this.#decode(request.getNews());
    const oldInputs = this.#decode(request.getOldInputs());
    const sources = { type: request.getType(), decoded: [news] };
    const { outputs } = await this.#answers.orUnhealthy(sources, () =>
      this.#plugin.update(
        this.#context(request),
        request.getId(),
        oldInputs.properties,
        this.#decode(request.getOlds(), oldInputs).properties,
        news.properties,
      ),
    );
    const response = new provider.UpdateResponse();
    response.setProperties(structOf(this.#answers.properties(sources, outputs)));
    return response;
  }

  async #delete(request: pb.DeleteRequest): Promise<Empty> {
    const inputs = this.#decode(request.getOldInputs());
    await this.#plugin.delete(
      this.#context(request),
      request.getId(),
      inputs.properties,
      this.#decode(request.getProperties(), inputs).properties,
    );
    return new empties.Empty();
  }

  /** @param inputs - the inputs of the resource, when the message contains its outputs */
  #decode(message: Struct | undefined, inputs?: Decoded): Decoded {
    const state = decode(wireOf(message), this.#plugin.publicPaths);
    const decoded = inputs === undefined ? state : withoutPublicStrings(state, inputs);
    this.redactor.add(decoded.secretStrings);
    return decoded;
  }

  #context(request: ResourceRequest): ResourceContext {
    const urn = request.getUrn();
    return {
      urn,
      type: request.getType(),
      name: request.getName(),
      preview: request.getPreview?.() ?? false,
      timeoutSeconds: request.getTimeout?.() ?? 0,
      cancelled: this.#calls.cancelled,
      log: (severity, message) => this.log.write(severity, this.redactor.redact(message), urn),
    };
  }
}

/** The settings of the program, without the engine's own entries. */
function settingsOf({ properties }: Decoded): Properties {
  return without(properties, ...engineSettings);
}
