import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as pb from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { differences } from "./differences.ts";
import { EngineLog } from "./engine-log.ts";
import { Answers } from "./answers.ts";
import { Calls } from "./calls.ts";
import { diffResponseOf, failuresOf, structOf, wireOf } from "./messages.ts";
import type { ResourceContext, ResourcePlugin } from "./plugin.ts";
import type { Properties } from "./values.ts";
import { Redactor } from "./redactor.ts";
import { decode, encode, withoutClearWords, type Decoded, type WireProperties } from "./wire.ts";

/** Names the engine itself puts among a provider's settings. */
const engineSettings: ReadonlySet<string> = new Set(["version", "pluginDownloadURL", "__internal"]);

interface ResourceRequest {
  getUrn(): string;
  getName(): string;
  getType(): string;
  getTimeout?(): number;
  getPreview?(): boolean;
}

/** The engine's protocol on one side, a `ResourcePlugin` on the other: one method per call of the protocol. */
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

  /** The methods as gRPC wants them; those that are missing here answer Unimplemented. */
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
      checkConfig: unary((request: pb.CheckRequest) => this.#checkConfig(request)),
      diffConfig: unary((request: pb.DiffRequest) => this.#diffConfig(request)),
      configure: unary((request: pb.ConfigureRequest) => this.#configure(request)),
      check: unary((request: pb.CheckRequest) => this.#check(request)),
      diff: unary((request: pb.DiffRequest) => this.#diff(request)),
      create: unary((request: pb.CreateRequest) => this.#create(request)),
      read: unary((request: pb.ReadRequest) => this.#read(request)),
      update: unary((request: pb.UpdateRequest) => this.#update(request)),
      delete: unary((request: pb.DeleteRequest) => this.#delete(request)),
      invoke: unary((request: pb.InvokeRequest) => this.#invoke(request)),
      cancel: unary(() => {
        this.#calls.stop();
        return new empties.Empty();
      }),
    };
  }

  /** Tells every running and later call to stop; resolves when none runs any more. */
  async cancel(): Promise<void> {
    this.#calls.stop();
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

  async #checkConfig(request: pb.CheckRequest): Promise<pb.CheckResponse> {
    const response = new provider.CheckResponse();
    if (this.#plugin.checkConfig === undefined) {
      response.setInputs(request.getNews());
      return response;
    }
    const news = this.#decode(request.getNews());
    const { own, rest } = separate(news);
    const { inputs, failures } = await this.#plugin.checkConfig(own);
    response.setInputs(structOf({ ...rest, ...encode(inputs, { sources: [news] }) }));
    response.setFailuresList(failuresOf(failures));
    return response;
  }

  async #diffConfig(request: pb.DiffRequest): Promise<pb.DiffResponse> {
    const olds = separate(this.#decode(request.getOldInputs() ?? request.getOlds())).own;
    const news = separate(this.#decode(request.getNews())).own;
    return diffResponseOf((await this.#plugin.diffConfig?.(olds, news)) ?? differences(olds, news));
  }

  async #configure(request: pb.ConfigureRequest): Promise<pb.ConfigureResponse> {
    await this.#plugin.configure(separate(this.#decode(request.getArgs())).own);
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
    // A plugin may carry an old value over, such as a generated one: it stays as secret as it was.
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
    const { id, outputs } = await this.#answers.keepingPartial(sources, () =>
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
    const found = await this.#answers.keepingPartial(sources, () =>
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
    const { outputs } = await this.#answers.keepingPartial(sources, () =>
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

  async #invoke(request: pb.InvokeRequest): Promise<pb.InvokeResponse> {
    const args = this.#decode(request.getArgs());
    if (this.#plugin.invoke === undefined) {
      throw new OperatorError({
        what: `the function ${request.getTok()} is not known`,
        where: `plugin ${this.#plugin.name} ${this.#plugin.version}`,
        remedy: "use a resource, or a function the plugin has",
      });
    }
    const result = await this.#plugin.invoke(request.getTok(), args.properties);
    const response = new provider.InvokeResponse();
    const alwaysSecret = args.secretNames.size > 0 ? Object.keys(result) : [];
    response.setReturn(structOf(encode(result, { sources: [args], alwaysSecret })));
    return response;
  }

  /** @param inputs - of the resource whose outputs these are */
  #decode(message: Struct | undefined, inputs?: Decoded): Decoded {
    const { acceptsAssets = false, publicPaths } = this.#plugin;
    const whole = decode(wireOf(message), { acceptsAssets, publicPaths });
    const decoded = inputs === undefined ? whole : withoutClearWords(whole, inputs);
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

/** Sets the engine's own entries of a provider's settings apart. */
function separate({ properties, wire }: Decoded): { own: Properties; rest: WireProperties } {
  return {
    own: Object.fromEntries(Object.entries(properties).filter(([name]) => !engineSettings.has(name))),
    rest: Object.fromEntries(Object.entries(wire).filter(([name]) => engineSettings.has(name))),
  };
}
