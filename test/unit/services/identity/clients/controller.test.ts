import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { z } from "zod";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { Controller } from "../../../../../services/identity/clients/controller.ts";
import { OAuthClients } from "../../../../../services/identity/clients/oauth-clients.ts";
import { HydraClients } from "../../../../../services/identity/clients/hydra-clients.ts";
import { Reconciler } from "../../../../../services/identity/clients/reconciler.ts";
import { hydraAdmin } from "../../../../../services/identity/hydra/hydra.ts";
import { KubernetesApi } from "../../../../../services/identity/kubernetes/api.ts";
import type { Fetch } from "../../../../../services/identity/network/retrying-fetch.ts";
import { Vault } from "../../../../../services/identity/vault/vault.ts";

const collection = "/apis/bibind.com/v1/oauthclients";
const spec = { clientId: "odoo", name: "Odoo", grantTypes: ["client_credentials"], scopes: ["read"] };
const resource = (name: string, changes: object = {}) => ({
  metadata: { namespace: "bibind", name, resourceVersion: "1", generation: 1 },
  spec: { ...spec, clientId: name, ...changes },
});

describe("the controller of the OAuthClients", () => {
  let folder: string;
  let tokenFile: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-controller-"));
    tokenFile = join(folder, "token");
    await writeFile(tokenFile, "the-token");
  });

  after(() => rm(folder, { recursive: true }));

  const away = (): Promise<Response> =>
    Promise.reject(new OperatorError({ what: "it does not answer", where: "its address", remedy: "start it" }));

  function controllerOf(kubernetes: Fetch, hydraFetch: Fetch, vaultFetch: Fetch = away): Controller {
    const settings = { server: "https://api.test", tokenFile, caFile: "unused" };
    const resources = new OAuthClients(new KubernetesApi(settings, kubernetes));
    const hydraSettings = { adminUrl: "https://hydra.test" };
    const hydra = new HydraClients(hydraAdmin(hydraSettings, hydraFetch), hydraSettings);
    const vaultSettings = { address: "https://vault.test", role: "a", authMount: "a", kvMount: "kv", tokenFile };
    const log = pino({ enabled: false });
    const reconciler = new Reconciler({ vault: new Vault(vaultSettings, vaultFetch), hydra, log });
    return new Controller({ resources, hydra, reconciler, log });
  }

  /** A Kubernetes API with these OAuthClients; `onStatus` gets each patch of a status. */
  function kubernetesWith(items: readonly ReturnType<typeof resource>[], onStatus: (patch: string) => void): Fetch {
    return (url, { method, body } = {}) => {
      const { pathname } = new URL(url);
      if (pathname === collection) {
        return Promise.resolve(Response.json({ metadata: { resourceVersion: "1" }, items }));
      }
      if (method === "PATCH" && pathname.endsWith("/status") && typeof body === "string") {
        onStatus(body);
      }
      const path = pathname.replace(/\/status$/, "");
      const item = items.find(({ metadata }) => path.endsWith(`/${metadata.name}`));
      return Promise.resolve(item === undefined ? Response.json({}, { status: 404 }) : Response.json(item));
    };
  }

  it("is ready when each OAuthClient of the first list has a condition, whatever fails", async () => {
    const stop = new AbortController();
    const statuses: string[] = [];
    let readyTooEarly = false;
    const kubernetes = kubernetesWith(
      [resource("odoo"), resource("broken", { redirectUris: ["http://a.test/"] })],
      (status) => {
        statuses.push(status);
        readyTooEarly ||= controller.isReady;
      },
    );
    const controller = controllerOf(kubernetes, (url) => {
      if (new URL(url).pathname === "/admin/clients") {
        stop.abort();
      }
      return away();
    });
    await controller.run(3600, stop.signal);
    assert.equal(statuses.length, 2);
    assert.match(statuses[0] ?? "", /"reason":"Failed","message":"it does not answer"/);
    assert.match(statuses[1] ?? "", /"reason":"Invalid","message":"redirectUris\[0\]: a redirect URI/);
    assert.deepEqual([readyTooEarly, controller.isReady], [false, true]);
  });

  it("reconciles an OAuthClient whose spec changed, and ignores a change of its status", async () => {
    const stop = new AbortController();
    const statuses: string[] = [];
    const kubernetes = kubernetesWith([], (status) => statuses.push(status));
    const read: string[] = [];
    const controller = controllerOf(
      (url, init) => {
        read.push(new URL(url).pathname);
        return kubernetes(url, init);
      },
      () => {
        stop.abort();
        return away();
      },
    );
    const metadata = { ...resource("odoo").metadata, generation: 2, finalizers: [] };
    controller.changed({ metadata, spec, status: { observedGeneration: 2 } });
    controller.changed({ metadata: { ...metadata, name: "other" }, spec, status: { observedGeneration: 1 } });
    await controller.run(3600, stop.signal);
    assert.deepEqual(
      read.filter((path) => path !== collection),
      ["/apis/bibind.com/v1/namespaces/bibind/oauthclients/other"],
    );
  });

  it("is not ready while it cannot list the OAuthClients", async () => {
    const stop = new AbortController();
    const controller = controllerOf(() => {
      stop.abort();
      return Promise.resolve(Response.json({ message: "forbidden" }, { status: 403 }));
    }, away);
    await controller.run(3600, stop.signal);
    assert.equal(controller.isReady, false);
  });

  /** A Vault in which the secrets below these paths are something else, and cannot be deleted. It has no other secret. */
  function vaultWithout(...wrong: readonly string[]): Fetch {
    return (url, { method } = {}) => {
      const { pathname } = new URL(url);
      const isWrong = wrong.some((path) => pathname.endsWith(`/${path}`));
      if (pathname.endsWith("/login")) {
        return Promise.resolve(Response.json({ auth: { client_token: "t", lease_duration: 0 } }));
      }
      if (isWrong) {
        const metadata = { version: 1, created_time: "now" };
        return method === "DELETE"
          ? Promise.resolve(Response.json({ errors: ["permission denied"] }, { status: 403 }))
          : Promise.resolve(Response.json({ data: { data: { other: "value" }, metadata } }));
      }
      return method === "GET"
        ? Promise.resolve(Response.json({ errors: [] }, { status: 404 }))
        : Promise.resolve(Response.json({ data: { version: 1, created_time: "now" } }));
    };
  }

  /** The id in the body of a request that creates a client. */
  function createdId(body: unknown): string {
    return z.object({ client_id: z.string() }).parse(JSON.parse(z.string().parse(body))).client_id;
  }

  /** A Hydra that holds these clients. `onChange` gets the method and the id of each change. */
  function hydraWith(ids: readonly string[], onChange: (change: string) => void): Fetch {
    const client = (id: string) => ({
      client_id: id,
      metadata: { managedBy: "bibind", owner: { namespace: "bibind", name: id }, generation: 1, secretStoredAt: "now" },
    });
    return (url, { method = "GET", body } = {}) => {
      const id = /^\/admin\/clients\/(.+)$/.exec(new URL(url).pathname)?.[1];
      if (method !== "GET") {
        onChange(`${method} ${id ?? createdId(body)}`);
        return Promise.resolve(method === "DELETE" ? new Response(null, { status: 204 }) : Response.json({}));
      }
      return Promise.resolve(id === undefined ? Response.json(ids.map(client)) : Response.json({}, { status: 404 }));
    };
  }

  it("reconciles the other OAuthClients when Vault stores something other than the secret of one", async () => {
    const stop = new AbortController();
    const statuses: string[] = [];
    const changes: string[] = [];
    const kubernetes = kubernetesWith([resource("broken"), resource("odoo")], (status) => {
      if (statuses.push(status) === 2) {
        stop.abort();
      }
    });
    const hydra = hydraWith([], (change) => changes.push(change));
    await controllerOf(kubernetes, hydra, vaultWithout("broken")).run(3600, stop.signal);
    assert.match(statuses[0] ?? "", /"reason":"Failed","message":"Vault stores something other than the secret/);
    assert.match(statuses[1] ?? "", /"reason":"Reconciled"/);
    assert.deepEqual(changes, ["POST odoo"]);
  });

  it("deletes the other undeclared clients when the secret of one cannot be deleted, and tries that one again", async () => {
    const stop = new AbortController();
    const changes: string[] = [];
    let refusals = 0;
    const vault = vaultWithout("broken");
    const counting: Fetch = async (url, init) => {
      const answer = await vault(url, init);
      refusals += answer.status === 403 ? 1 : 0;
      // Each attempt logs in a second time: Vault may have revoked the token.
      if (refusals === 4) {
        stop.abort();
      }
      return answer;
    };
    const hydra = hydraWith(["broken", "odoo"], (change) => changes.push(change));
    await controllerOf(
      kubernetesWith([], () => undefined),
      hydra,
      counting,
    ).run(3600, stop.signal);
    assert.deepEqual(changes, ["DELETE odoo", "DELETE odoo"]);
  });

  it("shows no detail of an unexpected error in the condition", async () => {
    const stop = new AbortController();
    const statuses: string[] = [];
    const kubernetes = kubernetesWith([resource("odoo")], (status) => {
      statuses.push(status);
      stop.abort();
    });
    const bug: Fetch = () => Promise.reject(new TypeError("detail"));
    await controllerOf(kubernetes, bug).run(3600, stop.signal);
    assert.match(statuses.join(""), /"reason":"Failed","message":"internal error: see the controller's log"/);
  });
});
