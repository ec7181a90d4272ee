import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { KubernetesApi } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/client.ts";
import { Discovery } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/discovery.ts";
import { Transport } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/transport.ts";
import {
  parseObject,
  type JsonObject,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";

/** One request as a test sees it. */
export interface Asked {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** `apply` or `merge` for the two kinds of patch; empty otherwise. */
  readonly patch: "apply" | "merge" | "";
  readonly dryRun: boolean;
  readonly body: JsonObject;
}

/** The status code and the object of an answer. */
export type Answer = readonly [code: number, body: JsonObject];

/** An API server whose answers a test decides; it listens on the loopback address and remembers what it was asked. */
export class FakeApiServer {
  readonly asked: Asked[] = [];
  readonly #server: Server;

  private constructor(answering: (asked: Asked) => Answer) {
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        const { method = "", url = "" } = request;
        const [path = "", query = ""] = url.split("?");
        const type = request.headers["content-type"] ?? "";
        const asked: Asked = {
          method,
          path,
          patch: type.includes("apply-patch") ? "apply" : type.includes("merge-patch") ? "merge" : "",
          dryRun: query.includes("dryRun=All"),
          body: body === "" ? {} : parseObject(body, "the request"),
        };
        this.asked.push(asked);
        const [code, told] = answering(asked);
        response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(told));
      });
    });
  }

  static async start(answering: (asked: Asked) => Answer): Promise<FakeApiServer> {
    const fake = new FakeApiServer(answering);
    await new Promise<void>((resolve) => {
      fake.#server.listen(0, "127.0.0.1", resolve);
    });
    return fake;
  }

  /** A client of it. */
  get api(): KubernetesApi {
    const address = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const connection = {
      server: `http://127.0.0.1:${port}`,
      tls: {},
      headers: () => Promise.resolve({}),
      namespace: "default",
      context: "test",
    };
    const transport = new Transport(connection, 10);
    return new KubernetesApi(transport, new Discovery(transport));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
