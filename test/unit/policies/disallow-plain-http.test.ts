import assert from "node:assert/strict";
import { disallowPlainHttp } from "../../../policies/disallow-plain-http.ts";
import { violationsOf } from "../../support/policies.ts";

const token = "kubernetes:networking.k8s.io/v1:Ingress";
const entryPoints = "traefik.ingress.kubernetes.io/router.entrypoints";
const ingress = (annotations?: Readonly<Record<string, string>>) => ({ metadata: { annotations }, spec: {} });

describe("policy disallow-plain-http", () => {
  it("is mandatory, so that a violation stops the preview", () => {
    assert.equal(disallowPlainHttp.enforcementLevel, "mandatory");
  });

  it("accepts an Ingress that is served over TLS only", async () => {
    assert.deepEqual(await violationsOf(disallowPlainHttp, token, ingress({ [entryPoints]: "websecure" })), []);
  });

  for (const [what, properties] of [
    ["has no annotations", ingress()],
    ["does not choose its entry points", ingress({ "example.com/note": "x" })],
    ["is served on port 80", ingress({ [entryPoints]: "web" })],
    ["is served on both ports", ingress({ [entryPoints]: "web,websecure" })],
    ["has no metadata", {}],
  ] as const) {
    it(`refuses an Ingress that ${what}`, async () => {
      assert.deepEqual(await violationsOf(disallowPlainHttp, token, properties), [
        `the Ingress is served on port 80 too: add the annotation ${entryPoints}: websecure`,
      ]);
    });
  }

  it("ignores other kinds of resources", async () => {
    assert.deepEqual(await violationsOf(disallowPlainHttp, "kubernetes:core/v1:Service", {}), []);
  });
});
