import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { loopbackCertificate, TlsServer, type Answer, type ReceivedRequest } from "../../support/tls-server.ts";

type Data = Record<string, string>;

const data = z.record(z.string(), z.base64());
const created = z.object({ kind: z.literal("Secret"), metadata: z.object({ name: z.string() }), data });
const patch = z.strictObject({ data: z.record(z.string(), z.base64().nullable()) });

/** The fate of a write: the server stores and answers; it stores but the answer is lost; or the request is lost. */
export type Fate = "done" | "answer lost" | "lost";

const decoded = (values: Data): Data =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));

function refusal(code: number, reason: string, message: string): Answer {
  return { status: code, body: JSON.stringify({ kind: "Status", status: "Failure", code, reason, message }) };
}

/** A server with the Kubernetes API for one Secret: get, create, and merge patch (RFC 7386). */
export class SecretApi {
  readonly tokenFile: string;
  readonly caFile: string;
  /** The fate of a request that writes a state to the Secret. The test sets it. */
  fate: (state: string | undefined) => Fate = () => "done";
  /** Whether the service account may change the Secret. The test sets it. */
  mayPatch = true;
  readonly #path: string;
  readonly #name: string;
  readonly #token: string;
  readonly #server: TlsServer;
  #stored: Data | undefined;

  private constructor(folder: string, secret: { namespace: string; name: string }, server: TlsServer, token: string) {
    this.tokenFile = join(folder, "kubernetes-token");
    this.caFile = join(folder, "kubernetes-ca.pem");
    this.#path = `/api/v1/namespaces/${secret.namespace}/secrets`;
    this.#name = secret.name;
    this.#server = server;
    this.#token = token;
  }

  /** Starts the server on the loopback interface. It writes its certificate and the accepted token to the folder. */
  static async serve(folder: string, secret: { namespace: string; name: string }): Promise<SecretApi> {
    const tls = await loopbackCertificate();
    const token = randomBytes(12).toString("hex");
    const server: TlsServer = new TlsServer(tls, (request) => api.#answer(request));
    const api: SecretApi = new SecretApi(folder, secret, server, token);
    await writeFile(api.tokenFile, `${token}\n`, { mode: 0o600 });
    await writeFile(api.caFile, tls.certificate);
    await server.listen();
    return api;
  }

  get url(): string {
    return this.#server.url;
  }

  /** The current values of the Secret; undefined when it does not exist. */
  get values(): Readonly<Data> | undefined {
    return this.#stored && decoded(this.#stored);
  }

  /** Replaces the Secret. Undefined deletes it. */
  put(values: Readonly<Data> | undefined): void {
    this.#stored =
      values &&
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]));
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  #answer(request: ReceivedRequest): Answer {
    if (request.authorization !== `Bearer ${this.#token}`) {
      return refusal(401, "Unauthorized", "Unauthorized");
    }
    switch (`${request.method} ${request.path}`) {
      case `GET ${this.#path}/${this.#name}`:
        return this.#found(200);
      case `POST ${this.#path}`:
        return this.#create(request);
      case `PATCH ${this.#path}/${this.#name}`:
        return this.#patch(request);
      default:
        return refusal(403, "Forbidden", `${request.method} ${request.path} is forbidden`);
    }
  }

  #found(status: number): Answer {
    return this.#stored === undefined
      ? refusal(404, "NotFound", `secrets "${this.#name}" not found`)
      : { status, body: JSON.stringify({ kind: "Secret", metadata: { name: this.#name }, data: this.#stored }) };
  }

  #create({ body, contentType }: ReceivedRequest): Answer {
    const { success, data: object } = created.safeParse(JSON.parse(body));
    if (contentType !== "application/json" || !success || object.metadata.name !== this.#name) {
      return refusal(400, "BadRequest", `unexpected object: ${body}`);
    }
    if (this.#stored !== undefined) {
      return refusal(409, "AlreadyExists", `secrets "${this.#name}" already exists`);
    }
    return this.#store(object.data, 201);
  }

  #patch({ body, contentType }: ReceivedRequest): Answer {
    if (!this.mayPatch) {
      return refusal(403, "Forbidden", `secrets "${this.#name}" is forbidden: cannot patch`);
    }
    const { success, data: change } = patch.safeParse(JSON.parse(body));
    if (contentType !== "application/merge-patch+json" || !success) {
      return refusal(415, "UnsupportedMediaType", `unexpected patch: ${body}`);
    }
    if (this.#stored === undefined) {
      return this.#found(200);
    }
    const merged = Object.entries({ ...this.#stored, ...change.data });
    return this.#store(
      Object.fromEntries(merged.flatMap(([key, value]): [string, string][] => (value === null ? [] : [[key, value]]))),
      200,
    );
  }

  #store(values: Data, status: number): Answer {
    const fate = this.fate(decoded(values)["state"]);
    if (fate !== "lost") {
      this.#stored = values;
    }
    return fate === "done" ? this.#found(status) : undefined;
  }
}
