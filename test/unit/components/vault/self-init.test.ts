import assert from "node:assert/strict";
import { deployerPolicy } from "../../../../components/vault/policies/deployer.ts";
import { deployerLogin } from "../../../../components/vault/self-init.ts";

function dataOf(name: string, args: Parameters<typeof deployerLogin>[0]) {
  return deployerLogin(args).find((request) => request.name === name)?.data;
}

describe("The login of the deployer", () => {
  it("is for one service account, one audience, one hour and one policy", () => {
    assert.deepEqual(dataOf("deployer-role", { namespace: "iam" }), {
      bound_service_account_names: ["pulumi"],
      bound_service_account_namespaces: ["iam"],
      audience: "vault",
      token_policies: ["pulumi"],
      token_no_default_policy: true,
      token_ttl: "1h",
      token_max_ttl: "1h",
    });
    assert.deepEqual(dataOf("deployer-policy", { namespace: "iam" }), { policy: deployerPolicy });
  });

  it("is reviewed by the cluster that Vault runs in, or by the one that is named", () => {
    assert.deepEqual(dataOf("kubernetes-config", { namespace: "iam" }), {
      kubernetes_host: "https://kubernetes.default.svc",
    });
    const outside = { namespace: "iam", kubernetesHost: "https://10.0.0.1:6443", kubernetesCaCert: "PEM" };
    assert.deepEqual(dataOf("kubernetes-config", outside), {
      kubernetes_host: "https://10.0.0.1:6443",
      kubernetes_ca_cert: "PEM",
      disable_local_ca_jwt: true,
    });
  });
});
