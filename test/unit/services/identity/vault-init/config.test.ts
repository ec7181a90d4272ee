import assert from "node:assert/strict";
import { deployerLogin } from "../../../../../components/vault/self-init.ts";
import { vaultInitConfig } from "../../../../../services/identity/vault-init/config.ts";

const given = {
  address: "https://vault-0.vault-internal.iam.svc:8200",
  requests: deployerLogin("iam"),
  auditFile: "/vault/audit/audit.log",
  secret: { namespace: "iam", name: "vault-init" },
  kubernetes: { tokenFile: "/run/token", caFile: "/run/ca.crt" },
};

function problems(changes: object): string[] {
  const { error } = vaultInitConfig.safeParse({ ...given, ...changes });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("the configuration of init-vault", () => {
  it("takes the deployer's login as it is, and two of three keys of the cluster's own API by default", () => {
    const config = vaultInitConfig.parse(given);
    assert.deepEqual(config.requests, given.requests);
    assert.deepEqual(config.recovery, { shares: 3, threshold: 2 });
    assert.equal(config.kubernetes.server, "https://kubernetes.default.svc");
  });

  const refused: readonly (readonly [what: string, changes: object, problem: RegExp])[] = [
    ["more keys needed than there are", { recovery: { shares: 2, threshold: 3 } }, /recovery\.threshold: expected as/],
    ["one key that is enough", { recovery: { shares: 3, threshold: 1 } }, /recovery\.threshold/],
    ["an address that is none", { address: "vault" }, /address: expected a URL/],
    [
      "a Secret that Kubernetes could not have",
      { secret: { namespace: "iam", name: "A/B" } },
      /secret\.name: expected/,
    ],
    ["a request outside of the API", { requests: [{ name: "a", path: "../sys", data: {} }] }, /requests\.0\.path/],
    ["an unknown setting", { token: "x" }, /Unrecognized key: "token"/],
  ];
  for (const [what, changes, problem] of refused) {
    it(`refuses ${what}`, () => {
      const [first, ...others] = problems(changes);
      assert.match(first ?? "", problem);
      assert.deepEqual(others, []);
    });
  }
});
