import assert from "node:assert/strict";
import { clientPath, databaseRole, keysPath, settingPath } from "../../../../components/vault/paths.ts";
import {
  clientControllerPolicy,
  keyringPolicy,
  workloadPolicy,
} from "../../../../components/vault/policies/workloads.ts";

describe("the paths in Vault", () => {
  it("lie below the name of the layer, so that two layers may use one name", () => {
    assert.equal(keysPath("iam", "hydra"), "iam/hydra");
    assert.equal(settingPath("iam", "mail"), "settings/iam/mail");
    assert.equal(clientPath("delivery", "gitlab"), "oauth/delivery/gitlab");
    assert.equal(databaseRole("iam", "hydra"), "iam-hydra");
  });

  it("are those that the policies of applications name", () => {
    const policy = workloadPolicy({
      layer: "iam",
      app: "hydra",
      keys: true,
      settings: ["mail"],
      oauthClients: ["gitlab"],
      databaseRoles: [databaseRole("iam", "hydra")],
    });
    const paths = [
      `kv/data/${keysPath("iam", "hydra")}`,
      `kv/data/${settingPath("iam", "mail")}`,
      `kv/data/${clientPath("iam", "gitlab")}`,
      `database/creds/${databaseRole("iam", "hydra")}`,
    ];
    for (const path of paths) {
      assert(policy.includes(`path "${path}" {`), path);
    }
    assert(keyringPolicy({ layer: "iam", app: "hydra" }).includes(`path "kv/data/${keysPath("iam", "hydra")}" {`));
    assert(
      clientControllerPolicy({ issuer: "https://auth.bibind.test", clientId: "vault" }).includes(
        'path "kv/data/oauth/+/+" {',
      ),
    );
    assert.equal(clientPath("iam", "gitlab").split("/").length, 3);
  });

  for (const name of ["*", "+", "a/b", "..", "", "A"]) {
    it(`refuse ${JSON.stringify(name)} as a name`, () => {
      const paths = [keysPath, settingPath, clientPath, databaseRole];
      for (const path of paths) {
        assert.throws(() => path("iam", name), { name: "OperatorError" });
        assert.throws(() => path(name, "hydra"), { name: "OperatorError" });
      }
    });
  }
});
