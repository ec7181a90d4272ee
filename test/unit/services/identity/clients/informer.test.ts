import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OAuthClients } from "../../../../../services/identity/clients/oauth-clients.ts";
import { watchOAuthClients } from "../../../../../services/identity/clients/informer.ts";
import { KubernetesApi } from "../../../../../services/identity/kubernetes/api.ts";
import { eventually } from "../../../../support/eventually.ts";
import {
  loopbackCertificate,
  TlsServer,
  type Answer,
  type ReceivedRequest,
  type KeyAndCertificate,
} from "../../../../support/tls-server.ts";

const resource = (name: string, resourceVersion: string) => ({
  metadata: { namespace: "bibind", name, resourceVersion, generation: 1 },
  spec: { clientId: name },
});
const event = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;

describe("the watch of OAuthClients", function () {
  this.timeout(60_000);
  let folder: string;
  let tls: KeyAndCertificate;
  let server: TlsServer;
  let watches: ReceivedRequest[];
  let answerToWatch: (count: number) => Answer;
  let lists: number;
  let stop: AbortController;
  let changed: string[];
  let errors: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-informer-"));
    tls = await loopbackCertificate();
    await writeFile(join(folder, "ca.pem"), tls.certificate);
    await writeFile(join(folder, "token"), "the-token");
  });

  after(() => rm(folder, { recursive: true }));

  beforeEach(async () => {
    const received: ReceivedRequest[] = [];
    [watches, lists, changed, errors] = [received, 0, [], []];
    stop = new AbortController();
    server = new TlsServer(tls, (watch) => {
      received.push(watch);
      return answerToWatch(received.length);
    });
    await server.listen();
  });

  afterEach(async () => {
    stop.abort();
    await server.stop();
  });

  /** Starts the watch. The first lists fail, as many as `failures`. */
  function start(failures = 0): void {
    const settings = { server: server.url, tokenFile: join(folder, "token"), caFile: join(folder, "ca.pem") };
    const list = { metadata: { resourceVersion: "7" }, items: [resource("listed", "1")] };
    const api = new KubernetesApi(settings, () => {
      lists += 1;
      return Promise.resolve(lists > failures ? Response.json(list) : Response.json({}, { status: 500 }));
    });
    const listeners = {
      onChange: ({ metadata }: { readonly metadata: { readonly name: string } }) => void changed.push(metadata.name),
      onError: (reason: string) => void errors.push(reason),
    };
    watchOAuthClients(settings, new OAuthClients(api), listeners, stop.signal);
  }

  const sees = (what: string, check: () => void): Promise<void> =>
    eventually(what, 50, () => {
      check();
      return Promise.resolve();
    });

  it("reports the listed ones, and those that change after the list", async () => {
    answerToWatch = (count) => ({ status: 200, body: count === 1 ? event("ADDED", resource("added", "8")) : "" });
    start();
    await sees("both are reported", () => assert.deepEqual(changed, ["listed", "added"]));
    const [first] = watches;
    assert.match(first?.path ?? "", /^\/apis\/bibind\.com\/v1\/oauthclients\?watch=true&resourceVersion=7$/);
    assert.equal(first?.authorization, "Bearer the-token");
  });

  it("sends no token to a server whose certificate another CA signed", async () => {
    await server.stop();
    server = new TlsServer(await loopbackCertificate(), (watch) => {
      watches.push(watch);
      return undefined;
    });
    await server.listen();
    start();
    await sees("the watch fails", () => assert.match(errors[0] ?? "", /self-signed certificate/));
    assert.deepEqual(watches, []);
  });

  it("starts again after a failure of the list or of the watch", async () => {
    answerToWatch = (count) => ({ status: count === 1 ? 403 : 200, body: "" });
    start(1);
    await sees("the watch succeeds", () => assert.ok(watches.length >= 2));
    assert.match(errors[0] ?? "", /Kubernetes refused to list OAuthClients \(500\)/);
    assert.match(errors[1] ?? "", /Forbidden/);
  });

  it("lists again when the API server does not keep its resource version any more", async () => {
    const gone = { kind: "Status", code: 410 };
    answerToWatch = (count) => ({ status: 200, body: count === 1 ? event("ERROR", gone) : "" });
    start();
    await sees("it lists again", () => assert.equal(lists, 2));
    assert.deepEqual(errors, []);
  });
});
