import assert from "node:assert/strict";
import { deployerPolicy } from "../../../../components/vault/policies/deployer.ts";
import { deployerLogin, selfInitialization, type FirstRequest } from "../../../../components/vault/self-init.ts";

function dataOf(name: string): unknown {
  return deployerLogin("iam").find((request) => request.name === name)?.data;
}

describe("the login of the deployer", () => {
  it("is for one service account, one audience, one hour and one policy", () => {
    assert.deepEqual(dataOf("deployer-role"), {
      bound_service_account_names: ["pulumi"],
      bound_service_account_namespaces: ["iam"],
      audience: "vault",
      token_policies: ["pulumi"],
      token_no_default_policy: true,
      token_ttl: "1h",
      token_max_ttl: "1h",
    });
    assert.deepEqual(dataOf("deployer-policy"), { policy: deployerPolicy });
  });

  it("reviews tokens at the API of the cluster in which Vault runs, with the rights of Vault's own pod", () => {
    assert.deepEqual(dataOf("kubernetes-config"), { kubernetes_host: "https://kubernetes.default.svc" });
  });
});

describe("the self-initialisation of OpenBao", () => {
  it("makes the requests in their order, as one step", () => {
    const requests: readonly FirstRequest[] = [
      { name: "one", path: "sys/one", data: { type: "kv" } },
      { name: "two", path: "sys/two", data: {} },
    ];
    assert.deepEqual(selfInitialization(requests), {
      initialize: [
        {
          bibind: {
            request: [
              { one: { operation: "update", path: "sys/one", data: { type: "kv" } } },
              { two: { operation: "update", path: "sys/two", data: {} } },
            ],
          },
        },
      ],
    });
  });
});
