import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type { Connection } from "../../../../../../components/kubernetes/kubeconfig.ts";
import { KubernetesApi } from "../../../../../../sandbox/toolchain/plugins/kubernetes/api/client.ts";
import { Discovery } from "../../../../../../sandbox/toolchain/plugins/kubernetes/api/discovery.ts";
import { Transport } from "../../../../../../sandbox/toolchain/plugins/kubernetes/api/transport.ts";
import { parseObject, type JsonObject } from "../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";

/** A request that the fake API server received. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** `apply` or `merge` for the two kinds of patch; empty otherwise. */
  readonly patch: "apply" | "merge" | "";
  readonly dryRun: boolean;
  /** Whether it takes over the fields of other managers. */
  readonly force: boolean;
  readonly body: JsonObject;
}

/** The status code, the object and further headers of an answer. */
export type Answer = readonly [code: number, body: JsonObject, headers?: Readonly<Record<string, string>>];

/** An API server on the loopback interface. It gives the answers of the test and records the requests. */
export class FakeApiServer {
  readonly requests: ReceivedRequest[] = [];
  readonly #server: Server;

  private constructor(answerTo: (request: ReceivedRequest) => Answer) {
    this.#server = createServer((request, response) => {
      const respond = async (): Promise<void> => {
        const body = await text(request);
        const { method = "", url = "" } = request;
        const [path = "", query = ""] = url.split("?");
        const type = request.headers["content-type"] ?? "";
        const received: ReceivedRequest = {
          method,
          path,
          patch: type.includes("apply-patch") ? "apply" : type.includes("merge-patch") ? "merge" : "",
          dryRun: query.includes("dryRun=All"),
          force: query.includes("force=true"),
          body: body === "" ? {} : parseObject(body, "the request"),
        };
        this.requests.push(received);
        const [code, answer, headers = {}] = answerTo(received);
        response.writeHead(code, { "content-type": "application/json", ...headers }).end(JSON.stringify(answer));
      };
      respond().catch((error: unknown) => response.destroy(Error(String(error))));
    });
  }

  static async start(answerTo: (request: ReceivedRequest) => Answer): Promise<FakeApiServer> {
    const fake = new FakeApiServer(answerTo);
    await new Promise<void>((resolve) => {
      fake.#server.listen(0, "127.0.0.1", resolve);
    });
    return fake;
  }

  get connection(): Connection {
    const address = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return {
      server: `http://127.0.0.1:${port}`,
      tls: {},
      headers: () => Promise.resolve({}),
      namespace: "default",
      context: "test",
    };
  }

  get api(): KubernetesApi {
    const transport = new Transport(this.connection, 10);
    return new KubernetesApi(transport, new Discovery(transport));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
