import assert from "node:assert/strict";
import { allow, at, policyText } from "../../../../../components/vault/policies/policy.ts";
import { keyringPolicy, workloadPolicy } from "../../../../../components/vault/policies/workloads.ts";

describe("A Vault policy", () => {
  it("says for each path which rights it gives", () => {
    const text = policyText(allow(at`kv/data/${"iam"}/${"hydra"}`, "read"), {
      ...allow(at`sys/mounts/+`, "create", "update"),
      parameters: { type: ["kv"] },
    });
    assert.equal(
      text,
      `path "kv/data/iam/hydra" {
  capabilities = ["read"]
}

path "sys/mounts/+" {
  capabilities = ["create", "update"]
  allowed_parameters = {
    "type" = ["kv"]
    "*" = []
  }
}
`,
    );
  });

  it("closes the list of parameters, or refuses some", () => {
    const rule = allow(at`kv/metadata/+/+`, "update");
    assert.equal(
      policyText({ ...rule, parameters: { max_versions: [] }, closed: true, refused: ["delete_version_after"] }),
      `path "kv/metadata/+/+" {
  capabilities = ["update"]
  allowed_parameters = {
    "max_versions" = []
  }
  denied_parameters = {
    "delete_version_after" = []
  }
}
`,
    );
  });

  const refused = ["*", "+", "a/b", "..", "a b", "", 'a"', "{{identity.entity.id}}", "${a}", "a\n", "A"];
  for (const name of refused) {
    it(`refuses ${JSON.stringify(name)} as a name in a path`, () => {
      assert.throws(() => at`kv/data/${name}`, {
        name: "OperatorError",
        message: /cannot be the name of a vaultPathPart/,
      });
      assert.throws(() => workloadPolicy({ layer: "iam", app: "hydra", oauthClients: [name] }), {
        name: "OperatorError",
      });
      assert.throws(() => keyringPolicy({ layer: "iam", app: name }), { name: "OperatorError" });
    });
  }

  it("refuses a text that is not a path", () => {
    for (const path of [() => at`kv//data`, () => at`/kv`, () => at`kv/../sys`, () => at`kv data`]) {
      assert.throws(path, /is not a path of a Vault policy/);
    }
  });

  it("refuses two rules for one path", () => {
    assert.throws(() => policyText(allow(at`a/b`, "read"), allow(at`a/b`, "list")), /two rules for the path "a\/b"/);
  });

  it("gives a workload without needs the rights on its own token only", () => {
    const paths = [...workloadPolicy({ layer: "iam", app: "hydra" }).matchAll(/path "([^"]+)"/g)].map(
      (match) => match[1],
    );
    assert.deepEqual(paths, ["auth/token/lookup-self", "auth/token/renew-self", "auth/token/revoke-self"]);
  });
});
