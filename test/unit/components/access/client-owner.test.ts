import assert from "node:assert/strict";
import { ClientOwner } from "../../../../components/access/client-owner.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record, secretValue } from "../../../support/mocks.ts";

const recorded = (isProgram: boolean) =>
  record(() => new ClientOwner("owner", { layer: "iam", clientId: "reports", isProgram }, {}));

describe("ClientOwner", () => {
  it("has a policy that reads the credential of the client and no other", async () => {
    const { inputs } = (await recorded(false)).named("owner-policy");
    assert.equal(inputs["name"], "oauth-iam-reports");
    const paths = [...String(inputs["policy"]).matchAll(/path "([^"]+)"/g)].map((match) => match[1]);
    assert.deepEqual(
      paths.filter((path) => !path?.startsWith("auth/token/")),
      ["kv/data/oauth/iam/reports"],
    );
  });

  it("lets a program log in for some minutes, with a secret id that ends", async () => {
    const recording = await recorded(true);
    const { inputs, dependsOn } = recording.named("owner-role");
    assert.equal(inputs["path"], "auth/approle/role/oauth-iam-reports");
    const data: unknown = JSON.parse(String(secretValue(inputs["dataJson"])));
    assert.deepEqual(valueAt(data, ["token_policies"]), ["oauth-iam-reports"]);
    assert.equal(valueAt(data, ["token_no_default_policy"]), true);
    assert.equal(valueAt(data, ["token_explicit_max_ttl"]), 600);
    assert.equal(valueAt(data, ["secret_id_ttl"]), 30 * 24 * 3600);
    assert(dependsOn.includes("owner-policy"));
  });

  it("gives people no other way to log in", async () => {
    assert.equal((await recorded(false)).ofType("vault:generic/endpoint:Endpoint").length, 0);
  });
});
