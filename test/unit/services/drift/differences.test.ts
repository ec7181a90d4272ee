import assert from "node:assert/strict";
import { addedDifferences, declaredDifferences } from "../../../../services/drift/differences.ts";
import { objectAt, pathText } from "../../../../services/drift/json.ts";
import { foreignOwners, ownersOf, ownerText } from "../../../../services/drift/owners.ts";

const ours = "pulumi-kubernetes-0123abcd";

/** An entry of managed fields. */
const entry = (manager: string, fieldsV1: object, subresource?: string): object => ({
  manager,
  operation: manager === ours ? "Apply" : "Update",
  time: "2026-01-01T00:00:00Z",
  fieldsV1,
  ...(subresource !== undefined && { subresource }),
});

/** The texts of the paths that differ. */
const changed = (declared: object, live: object): string[] =>
  declaredDifferences({ ...declared }, { ...live }).map(({ path }) => pathText(path));

/** The texts of the paths that others added. */
function added(declared: object, live: object, entries: readonly object[]): string[] {
  const whole = { ...live, metadata: { ...objectAt(live, "metadata"), managedFields: entries } };
  return addedDifferences({ ...declared }, whole, ownersOf(whole, [ours])).map(({ path }) => pathText(path));
}

describe("a declared field", () => {
  it("differs by its value, and others that the server adds do not count", () => {
    assert.deepEqual(changed({ spec: { replicas: 1 } }, { spec: { replicas: 3, paused: false }, status: {} }), [
      "spec.replicas",
    ]);
  });

  it("is found in a list by the key of its item, in any order", () => {
    const containers = [{ name: "web", image: "1" }];
    const live = [{ name: "proxy" }, { name: "web", image: "2" }];
    assert.deepEqual(changed({ containers }, { containers: live }), ["containers[name=web].image"]);
  });

  it("differs with its whole list, if the items have no key and their number differs", () => {
    assert.deepEqual(changed({ args: ["a"] }, { args: ["a", "b"] }), ["args"]);
    assert.deepEqual(changed({ args: ["a", "b"] }, { args: ["a", "c"] }), ["args[1]"]);
  });

  it("may be absent if it is empty, because the server leaves such fields out", () => {
    assert.deepEqual(changed({ spec: { selector: {}, list: [], text: "", off: false, none: null } }, { spec: {} }), []);
  });

  it("is missing if somebody removed it", () => {
    assert.deepEqual(changed({ data: { "a.b": "1" } }, { data: {} }), ['data["a.b"]']);
    assert.deepEqual(changed({ ports: [{ port: 1 }, { port: 2 }] }, { ports: [{ port: 1, protocol: "TCP" }] }), [
      "ports[port=2]",
    ]);
  });
});

describe("a field that is not declared", () => {
  const closed = { spec: { podSelector: {}, policyTypes: ["Ingress"] } };

  it("is found if somebody added it", () => {
    const live = { spec: { ...closed.spec, ingress: [{}] } };
    const fields = { "f:spec": { "f:ingress": {} } };
    assert.deepEqual(added(closed, live, [entry("kubectl-patch", fields)]), ["spec.ingress"]);
  });

  it("is found inside of a field that is one for the server", () => {
    const live = { spec: { ...closed.spec, podSelector: { matchLabels: { a: "b" } } } };
    const fields = { "f:spec": { "f:podSelector": {} } };
    assert.deepEqual(added(closed, live, [entry("kubectl-edit", fields)]), ["spec.podSelector.matchLabels"]);
  });

  it("is found in a list whose items have a key", () => {
    const declared = { containers: [{ name: "web", image: "1" }] };
    const live = {
      containers: [
        { name: "web", image: "1" },
        { name: "spy", image: "2" },
      ],
    };
    const fields = { "f:containers": { 'k:{"name":"spy"}': { ".": {}, "f:image": {}, "f:name": {} } } };
    assert.deepEqual(added(declared, live, [entry("kubectl-edit", fields)]), ["containers[name=spy]"]);
  });

  it("is found in labels and annotations, and in nothing else of metadata", () => {
    const live = { metadata: { annotations: { why: "INC-1" }, finalizers: ["x"] } };
    const fields = { "f:metadata": { "f:annotations": { ".": {}, "f:why": {} }, "f:finalizers": { 'v:"x"': {} } } };
    assert.deepEqual(added({ metadata: { name: "a" } }, live, [entry("kubectl-annotate", fields)]), [
      "metadata.annotations.why",
    ]);
  });

  it("is only the part that nobody else wrote", () => {
    const live = { spec: { extra: { mine: 1, theirs: 2 } } };
    const entries = [
      entry("kubectl-edit", { "f:spec": { "f:extra": { ".": {}, "f:mine": {} } } }),
      entry("kube-controller-manager", { "f:spec": { "f:extra": { "f:theirs": {} } } }),
    ];
    assert.deepEqual(added({ spec: {} }, live, entries), ["spec.extra.mine"]);
  });

  for (const [who, one] of [
    ["a controller", entry("kube-controller-manager", { "f:spec": { "f:ingress": {} } })],
    ["the platform", entry(ours, { "f:spec": { "f:ingress": {} } })],
    ["a writer of the status", entry("somebody", { "f:spec": { "f:ingress": {} } }, "status")],
  ] as const) {
    it(`is no difference if ${who} wrote it`, () => {
      assert.deepEqual(added(closed, { spec: { ...closed.spec, ingress: [{}] } }, [one]), []);
    });
  }

  it("is no difference in a field that the platform wrote too, with the same value", () => {
    const live = { spec: { ...closed.spec, ports: [{ port: 1, protocol: "TCP" }] } };
    const declared = { spec: { ...closed.spec, ports: [{ port: 1 }] } };
    const fields = { "f:spec": { "f:ports": {} } };
    assert.deepEqual(added(declared, live, [entry("kubectl", fields), entry(ours, fields)]), []);
  });

  it("is named once, whoever wrote it", () => {
    const live = { spec: { ...closed.spec, ingress: [{}] } };
    const fields = { "f:spec": { "f:ingress": {} } };
    assert.deepEqual(added(closed, live, [entry("one", fields), entry("two", fields)]), ["spec.ingress"]);
  });
});

describe("the owner of a field", () => {
  const live = {
    spec: { replicas: 3, ports: [{ port: 80, protocol: "TCP" }], rules: [{ host: "a" }] },
    metadata: {
      managedFields: [
        entry(ours, { "f:spec": { "f:replicas": {}, "f:rules": {} } }),
        entry("kubectl", { "f:spec": { "f:replicas": {} } }, "scale"),
        entry("kubectl-edit", { "f:spec": { "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { "f:port": {} } } } }),
        entry("kubectl-patch", { "f:spec": { "f:rules": {} } }),
      ],
    },
  };
  const authors = (...path: readonly (string | number | { port: number })[]): string[] =>
    foreignOwners(ownersOf(live, [ours]), live, path).map(ownerText);

  it("is the manager whose fields contain it, with the part of the API and the time", () => {
    assert.deepEqual(authors("spec", "replicas"), ["kubectl (Update of scale) at 2026-01-01T00:00:00Z"]);
  });

  it("is found by the key of an item", () => {
    assert.deepEqual(authors("spec", "ports", { port: 80 }, "port"), ["kubectl-edit (Update) at 2026-01-01T00:00:00Z"]);
  });

  it("is the manager of a field around it that is one for the server", () => {
    assert.deepEqual(authors("spec", "rules", 0, "host"), ["kubectl-patch (Update) at 2026-01-01T00:00:00Z"]);
  });

  it("is nobody for a field that no manager has", () => {
    assert.deepEqual(authors("spec", "paused"), []);
  });

  it("is not the mark of a restart, with or without other annotations of the template", () => {
    const restart = { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" };
    const template = (annotations: object) => ({ spec: { template: { metadata: { annotations } } } });
    const written = (annotations: object): object => ({
      "f:spec": { "f:template": { "f:metadata": { "f:annotations": annotations } } },
    });
    const fields = { "f:kubectl.kubernetes.io/restartedAt": {} };
    const entries = [entry("kubectl-rollout", written(fields))];
    assert.deepEqual(added({ spec: { template: {} } }, template(restart), entries), []);
    assert.deepEqual(added(template({ a: "1" }), template({ a: "1", ...restart }), entries), []);
    const more = [entry("kubectl-edit", written({ ...fields, "f:b": {} }))];
    assert.notDeepEqual(added({ spec: { template: {} } }, template({ ...restart, b: "2" }), more), []);
  });
});
