import assert from "node:assert/strict";
import {
  at,
  isObject,
  listAt,
  type JsonObject,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";
import { Writer } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/objects/write.ts";
import { readSettings } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/provider/settings.ts";
import { FakeApiServer, type Answer, type ReceivedRequest } from "../api-server.ts";

const fieldManager = "pulumi-kubernetes-12345678";
const object = { apiVersion: "v1", kind: "Service", name: "web", namespace: "shop" };
const resource = { plural: "services", namespaced: true };
const wanted = { ...object, spec: { ports: [{ name: "http", port: 80 }] } };
const context = {
  urn: "urn:pulumi:test::bibind::kubernetes:core/v1:Service::web",
  type: "kubernetes:core/v1:Service",
  name: "web",
  preview: false,
  timeoutSeconds: 0,
  cancelled: new AbortController().signal,
  log: () => Promise.resolve(),
};

const duplicate = {
  message: 'Service "web" is invalid: spec.ports[1].name: Duplicate value: "http"',
  details: { causes: [{ reason: "FieldValueDuplicate", field: "spec.ports[1].name", message: "Duplicate value" }] },
};

/** A Service in the API server: applied ports are merged by their numbers, patched ports replace the list. */
class LiveService {
  ports: JsonObject[];
  owners: JsonObject[] = [{ manager: fieldManager, operation: "Apply" }];
  /** Number of changes that fail because a controller changed the object first. */
  conflicts: number;

  constructor(ports: JsonObject[], conflicts = 0) {
    this.ports = ports;
    this.conflicts = conflicts;
  }

  readonly answer = ({ method, path, patch, body }: ReceivedRequest): Answer => {
    if (path === "/api/v1") {
      return [200, { resources: [{ name: "services", kind: "Service", namespaced: true }] }];
    }
    if (method === "GET") {
      return [200, this.#object()];
    }
    return patch === "apply" ? this.#apply(body) : this.#merge(body);
  };

  #apply(body: JsonObject): Answer {
    const given = listAt(body, "spec", "ports").filter(isObject);
    const others = this.ports.filter(({ port }) => !given.some((one) => at(one, "port") === port));
    const merged = [...others, ...given];
    if (new Set(merged.map((port) => at(port, "name"))).size < merged.length) {
      return [422, duplicate];
    }
    this.ports = merged;
    return [200, this.#object()];
  }

  #merge(body: JsonObject): Answer {
    if (at(body, "metadata", "managedFields") !== undefined) {
      if (this.conflicts > 0) {
        this.conflicts -= 1;
        return [409, { message: "the object has been modified" }];
      }
      this.owners = listAt(body, "metadata", "managedFields").filter(isObject);
      return [200, this.#object()];
    }
    const given = listAt(body, "spec", "ports").filter(isObject);
    if (new Set(given.map((port) => at(port, "name"))).size < given.length) {
      return [422, duplicate];
    }
    this.ports = given;
    this.owners = [...this.owners, { manager: fieldManager, operation: "Update" }];
    return [200, this.#object()];
  }

  #object(): JsonObject {
    const metadata = { name: "web", resourceVersion: "1", managedFields: this.owners };
    return { ...object, metadata, spec: { ports: this.ports } };
  }
}

describe("the writer of objects", () => {
  let server: FakeApiServer | undefined;

  afterEach(() => {
    server?.stop();
  });

  const apply = async (live: LiveService, inputs: JsonObject = wanted, owned?: JsonObject): Promise<JsonObject> => {
    server = await FakeApiServer.start(live.answer);
    const writer = new Writer(server.api, readSettings({}), context);
    return writer.apply({ object, resource, inputs, fieldManager, owned });
  };
  const patches = (): string[] => server?.requests.map(({ patch }) => patch).filter((patch) => patch !== "") ?? [];

  it("sends one request when nothing was changed by hand", async () => {
    await apply(new LiveService([{ name: "http", port: 80 }]), wanted, wanted);
    assert.deepEqual(patches(), ["apply"]);
  });

  it("restores a port whose number was changed by hand, and is its only owner", async () => {
    const live = new LiveService([{ name: "http", port: 81 }], 2);
    const applied = await apply(live, wanted, wanted);
    assert.deepEqual(at(applied, "spec", "ports"), [{ name: "http", port: 80 }]);
    assert.deepEqual(live.ports, [{ name: "http", port: 80 }]);
    assert.deepEqual(live.owners, [{ manager: fieldManager, operation: "Apply" }]);
    assert.deepEqual(patches(), ["apply", "merge", "apply", "merge", "merge", "merge"]);
  });

  it("removes the patch owner that a killed run left after it restored a list", async () => {
    const live = new LiveService([{ name: "http", port: 80 }]);
    live.owners.push({ manager: fieldManager, operation: "Update" }, { manager: "by-hand", operation: "Update" });
    await apply(live, wanted, wanted);
    assert.deepEqual(live.owners, [
      { manager: fieldManager, operation: "Apply" },
      { manager: "by-hand", operation: "Update" },
    ]);
  });

  it("reports the server's refusal of a duplicate name in the program, and does not change the object", async () => {
    const ports = [
      { name: "http", port: 80 },
      { name: "http", port: 8080 },
    ];
    const live = new LiveService([{ name: "http", port: 80 }]);
    await assert.rejects(
      apply(live, { ...wanted, spec: { ports } }, wanted),
      /spec\.ports\[1\]\.name: Duplicate value/,
    );
    assert.deepEqual(live.ports, [{ name: "http", port: 80 }]);
  });

  it("does not restore a list that it has not applied", async () => {
    const live = new LiveService([{ name: "http", port: 81 }]);
    await assert.rejects(apply(live), /Duplicate value/);
    assert.deepEqual(patches(), ["apply"]);
  });
});
