import assert from "node:assert/strict";
import { parse } from "yaml";
import { deployerKubeconfig } from "../../../../components/cluster/deployer.ts";
import { connect } from "../../../../components/kubernetes/kubeconfig.ts";

const administrator = `current-context: c
clusters:
- {name: k, cluster: {server: "https://192.0.2.1:16443"}}
contexts:
- {name: c, context: {cluster: k, user: admin}}
users:
- {name: admin, user: {token: abc}}
`;

describe("the deployer's kubeconfig", () => {
  it("lets the administrator act as the deployer", async () => {
    const source = { text: await deployerKubeconfig(administrator), folder: ".", origin: "test" };
    assert.deepEqual(await (await connect(source, {})).headers(), {
      authorization: "Bearer abc",
      "impersonate-user": "bibind:deployer",
      "impersonate-group": ["system:masters"],
    });
  });

  it("is the administrator's in everything else", async () => {
    const given: unknown = parse(administrator);
    const made: unknown = parse(await deployerKubeconfig(administrator));
    assert(typeof given === "object" && typeof made === "object");
    assert.deepEqual({ ...made, users: [] }, { ...given, users: [] });
  });

  it("is made of a kubeconfig in JSON too", async () => {
    const made = await deployerKubeconfig(JSON.stringify(parse(administrator)));
    assert.match(made, /as: bibind:deployer/);
  });

  it("is refused of a kubeconfig that acts as another user already", async () => {
    const acting = administrator.replace("token: abc", "token: abc, as: somebody");
    await assert.rejects(deployerKubeconfig(acting), /acts as another user.*remedy: give a kubeconfig/s);
  });

  it("leaves a text that is no kubeconfig to the provider, which refuses it", async () => {
    assert.equal(await deployerKubeconfig("kind: Config"), "kind: Config");
  });
});
