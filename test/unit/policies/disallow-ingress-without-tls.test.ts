import assert from "node:assert/strict";
import { disallowIngressWithoutTls } from "../../../policies/disallow-ingress-without-tls.ts";
import { violationsOf } from "../../support/policies.ts";

const token = "kubernetes:networking.k8s.io/v1:Ingress";

function ingress(rules: readonly object[], tlsHosts: readonly string[]): Record<string, unknown> {
  return { spec: { rules, tls: [{ hosts: tlsHosts, secretName: "page-tls" }] } };
}

describe("policy disallow-ingress-without-tls", () => {
  it("is mandatory, so that a violation stops the preview", () => {
    assert.equal(disallowIngressWithoutTls.enforcementLevel, "mandatory");
  });

  it("accepts an Ingress if each host has a TLS entry", async () => {
    const properties = ingress([{ host: "page.bibind.test" }], ["page.bibind.test"]);
    assert.deepEqual(await violationsOf(disallowIngressWithoutTls, token, properties), []);
  });

  it("names the host without a TLS entry", async () => {
    const properties = ingress([{ host: "page.bibind.test" }, { host: "bare.bibind.test" }], ["page.bibind.test"]);
    assert.deepEqual(await violationsOf(disallowIngressWithoutTls, token, properties), [
      "host bare.bibind.test is served without TLS: add it to spec.tls with a secretName",
    ]);
  });

  it("refuses a host if the Ingress has no TLS entry, or one without hosts", async () => {
    const rules = [{ host: "page.bibind.test" }];
    for (const spec of [{ rules }, { rules, tls: [{ secretName: "page-tls" }] }]) {
      const [violation] = await violationsOf(disallowIngressWithoutTls, token, { spec });
      assert.match(violation ?? "", /^host page\.bibind\.test is served without TLS/);
    }
  });

  it("accepts an Ingress that serves no host", async () => {
    for (const properties of [{}, { spec: {} }]) {
      assert.deepEqual(await violationsOf(disallowIngressWithoutTls, token, properties), []);
    }
  });

  it("refuses a rule without a host", async () => {
    const [violation] = await violationsOf(disallowIngressWithoutTls, token, ingress([{}], []));
    assert.match(violation ?? "", /has no host/);
  });

  it("ignores other kinds of resources", async () => {
    assert.deepEqual(await violationsOf(disallowIngressWithoutTls, "kubernetes:core/v1:Service", {}), []);
  });
});
