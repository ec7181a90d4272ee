import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { loopbackCertificate, TlsServer, type Answer, type Asked } from "../../support/tls-server.ts";

type Data = Record<string, string>;

const data = z.record(z.string(), z.base64());
const created = z.object({ kind: z.literal("Secret"), metadata: z.object({ name: z.string() }), data });
const patch = z.strictObject({ data: z.record(z.string(), z.base64().nullable()) });

/** What becomes of a request: it is done and answered; done, and the answer is lost; or lost. */
export type Fate = "done" | "answer lost" | "lost";

const decoded = (values: Data): Data =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));

function refusal(code: number, reason: string, message: string): Answer {
  return { status: code, body: JSON.stringify({ kind: "Status", status: "Failure", code, reason, message }) };
}

/** One Secret by the wire shape of the Kubernetes API: get, create, and a merge patch (RFC 7386). */
export class SecretApi {
  readonly tokenFile: string;
  readonly caFile: string;
  /** What becomes of the request that makes the Secret say that it is in a state; the test sets it. */
  fate: (state: string | undefined) => Fate = () => "done";
  readonly #path: string;
  readonly #name: string;
  readonly #token: string;
  readonly #server: TlsServer;
  #kept: Data | undefined;

  private constructor(folder: string, place: { namespace: string; name: string }, server: TlsServer, token: string) {
    this.tokenFile = join(folder, "kubernetes-token");
    this.caFile = join(folder, "kubernetes-ca.pem");
    this.#path = `/api/v1/namespaces/${place.namespace}/secrets`;
    this.#name = place.name;
    this.#server = server;
    this.#token = token;
  }

  /** Serves on the loopback, with a certificate and for a token that it leaves in the folder. */
  static async serve(folder: string, place: { namespace: string; name: string }): Promise<SecretApi> {
    const tls = await loopbackCertificate();
    const token = randomBytes(12).toString("hex");
    const server: TlsServer = new TlsServer(tls, (asked) => api.#answer(asked));
    const api: SecretApi = new SecretApi(folder, place, server, token);
    await writeFile(api.tokenFile, `${token}\n`, { mode: 0o600 });
    await writeFile(api.caFile, tls.certificate);
    await server.listen();
    return api;
  }

  get url(): string {
    return this.#server.url;
  }

  /** What the Secret holds now. */
  get kept(): Readonly<Data> | undefined {
    return this.#kept && decoded(this.#kept);
  }

  /** Deletes the Secret, or puts another in its place. */
  put(values: Readonly<Data> | undefined): void {
    this.#kept =
      values &&
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]));
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  #answer(asked: Asked): Answer {
    if (asked.authorization !== `Bearer ${this.#token}`) {
      return refusal(401, "Unauthorized", "Unauthorized");
    }
    switch (`${asked.method} ${asked.path}`) {
      case `GET ${this.#path}/${this.#name}`:
        return this.#found(200);
      case `POST ${this.#path}`:
        return this.#create(asked);
      case `PATCH ${this.#path}/${this.#name}`:
        return this.#patch(asked);
      default:
        return refusal(403, "Forbidden", `${asked.method} ${asked.path} is forbidden`);
    }
  }

  #found(status: number): Answer {
    return this.#kept === undefined
      ? refusal(404, "NotFound", `secrets "${this.#name}" not found`)
      : { status, body: JSON.stringify({ kind: "Secret", metadata: { name: this.#name }, data: this.#kept }) };
  }

  #create({ body, contentType }: Asked): Answer {
    const { success, data: object } = created.safeParse(JSON.parse(body));
    if (contentType !== "application/json" || !success || object.metadata.name !== this.#name) {
      return refusal(400, "BadRequest", `the object is not understood: ${body}`);
    }
    if (this.#kept !== undefined) {
      return refusal(409, "AlreadyExists", `secrets "${this.#name}" already exists`);
    }
    return this.#keep(object.data, 201);
  }

  #patch({ body, contentType }: Asked): Answer {
    const { success, data: change } = patch.safeParse(JSON.parse(body));
    if (contentType !== "application/merge-patch+json" || !success) {
      return refusal(415, "UnsupportedMediaType", `the patch is not understood: ${body}`);
    }
    if (this.#kept === undefined) {
      return this.#found(200);
    }
    const merged = Object.entries({ ...this.#kept, ...change.data });
    return this.#keep(
      Object.fromEntries(merged.flatMap(([key, value]): [string, string][] => (value === null ? [] : [[key, value]]))),
      200,
    );
  }

  #keep(values: Data, status: number): Answer {
    const fate = this.fate(decoded(values)["state"]);
    if (fate !== "lost") {
      this.#kept = values;
    }
    return fate === "done" ? this.#found(status) : undefined;
  }
}
