import assert from "node:assert/strict";
import { deployerLogin } from "../../../../../components/vault/self-init.ts";
import { vaultInitConfig } from "../../../../../services/identity/vault-init/config.ts";

const config = {
  address: "https://vault-0.vault-internal.iam.svc:8200",
  requests: deployerLogin("iam"),
  auditFile: "/vault/audit/audit.log",
  secret: { namespace: "iam", name: "vault-init" },
  kubernetes: { tokenFile: "/run/token", caFile: "/run/ca.crt" },
};

function problems(changes: object): string[] {
  const { error } = vaultInitConfig.safeParse({ ...config, ...changes });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("the configuration of init-vault", () => {
  it("accepts the deployer's login, and needs two of three recovery keys by default", () => {
    const parsed = vaultInitConfig.parse(config);
    assert.deepEqual(parsed.requests, config.requests);
    assert.deepEqual(parsed.recovery, { shares: 3, threshold: 2 });
    assert.equal(parsed.kubernetes.server, "https://kubernetes.default.svc");
  });

  const refused: readonly (readonly [what: string, changes: object, problem: RegExp])[] = [
    [
      "a threshold above the number of shares",
      { recovery: { shares: 2, threshold: 3 } },
      /recovery\.threshold: expected at most/,
    ],
    ["a single key that is enough", { recovery: { shares: 3, threshold: 1 } }, /recovery\.threshold/],
    ["an address that is no URL", { address: "vault" }, /address: expected a URL/],
    ["a name that Kubernetes does not allow", { secret: { namespace: "iam", name: "A/B" } }, /secret\.name: expected/],
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
