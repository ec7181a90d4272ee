import { credentials, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import { structOf, wireOf } from "../../../../../../sandbox/toolchain/plugins/server/messages.ts";
import type { ResourcePlugin } from "../../../../../../sandbox/toolchain/plugins/server/plugin.ts";
import { listen } from "../../../../../../sandbox/toolchain/plugins/server/serve.ts";
import type { WireProperties, WireValue } from "../../../../../../sandbox/toolchain/plugins/server/wire.ts";

export const unknownMarker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A secret in the form that the engine sends. */
export function secret(value: WireValue): WireValue {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** A text asset in the form that the engine sends. */
export function textAsset(text: string): WireValue {
  return { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text, hash: "h" };
}

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

function answer<Response>(send: (callback: Callback<Response>) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

/** Serves a plugin and calls it like the engine does. */
export class PluginClient {
  readonly #client: InstanceType<typeof services.ResourceProviderClient>;
  readonly stop: () => void;

  private constructor(client: InstanceType<typeof services.ResourceProviderClient>, stop: () => void) {
    this.#client = client;
    this.stop = stop;
  }

  static async serve(plugin: ResourcePlugin): Promise<PluginClient> {
    const served = await listen(plugin);
    const client = new services.ResourceProviderClient(`127.0.0.1:${served.port}`, credentials.createInsecure());
    return new PluginClient(client, () => {
      client.close();
      served.stop();
    });
  }

  async configure(settings: WireProperties): Promise<void> {
    const request = new provider.ConfigureRequest().setArgs(structOf(settings));
    await answer((callback) => this.#client.configure(request, callback));
  }

  async check(type: string, news: WireProperties, olds: WireProperties = {}) {
    const request = named(new provider.CheckRequest(), type).setNews(structOf(news)).setOlds(structOf(olds));
    const response = await answer<InstanceType<typeof provider.CheckResponse>>((callback) =>
      this.#client.check(request, callback),
    );
    return {
      inputs: wireOf(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  async diff(type: string, oldInputs: WireProperties, news: WireProperties, oldOutputs: WireProperties = {}) {
    const request = named(new provider.DiffRequest(), type)
      .setId("id")
      .setOldInputs(structOf(oldInputs))
      .setOlds(structOf(oldOutputs))
      .setNews(structOf(news));
    const response = await answer<InstanceType<typeof provider.DiffResponse>>((callback) =>
      this.#client.diff(request, callback),
    );
    return response.toObject();
  }

  async create(type: string, inputs: WireProperties, preview = false) {
    const request = named(new provider.CreateRequest(), type).setProperties(structOf(inputs)).setPreview(preview);
    const response = await answer<InstanceType<typeof provider.CreateResponse>>((callback) =>
      this.#client.create(request, callback),
    );
    return { id: response.getId(), outputs: wireOf(response.getProperties()) };
  }

  async read(type: string, id: string, inputs: WireProperties, outputs: WireProperties) {
    const request = named(new provider.ReadRequest(), type)
      .setId(id)
      .setInputs(structOf(inputs))
      .setProperties(structOf(outputs));
    const response = await answer<InstanceType<typeof provider.ReadResponse>>((callback) =>
      this.#client.read(request, callback),
    );
    return { id: response.getId(), outputs: wireOf(response.getProperties()) };
  }

  async update(type: string, news: WireProperties, oldOutputs: WireProperties = {}, preview = false) {
    const request = named(new provider.UpdateRequest(), type)
      .setId("id")
      .setOlds(structOf(oldOutputs))
      .setNews(structOf(news))
      .setPreview(preview);
    const response = await answer<InstanceType<typeof provider.UpdateResponse>>((callback) =>
      this.#client.update(request, callback),
    );
    return wireOf(response.getProperties());
  }

  async delete(type: string, inputs: WireProperties, outputs: WireProperties): Promise<void> {
    const request = named(new provider.DeleteRequest(), type)
      .setId("id")
      .setOldInputs(structOf(inputs))
      .setProperties(structOf(outputs));
    await answer((callback) => this.#client.delete(request, callback));
  }

  async invoke(token: string): Promise<void> {
    const request = new provider.InvokeRequest().setTok(token);
    await answer((callback) => this.#client.invoke(request, callback));
  }
}

interface Named<Request> {
  setUrn(urn: string): Request;
  setType(type: string): Request;
  setName(name: string): Request;
}

function named<Request extends Named<Request>>(request: Request, type: string): Request {
  return request.setUrn(`urn:pulumi:dev::test::${type}::thing`).setType(type).setName("thing");
}
