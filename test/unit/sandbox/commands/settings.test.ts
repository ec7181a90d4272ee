import assert from "node:assert/strict";
import { parse } from "yaml";
import {
  holdsSecret,
  layersIn,
  renderSettings,
  secretName,
  type StackChoice,
} from "../../../../sandbox/commands/stack/settings.ts";

const committed = `# a comment
config:
  bibind:layers: [foundation]
  bibind:foundation:
    domain: bibind.test
    host:
      address: 172.30.0.2
    chartRepository: http://172.30.0.2:8879/
`;
const previous = `encryptionsalt: v1:salt
config:
  bibind:foundation:
    domain: old.test
    host:
      privateKey:
        secure: v1:cipher
`;

const onMachine: StackChoice = { cluster: "machine", layers: ["foundation"] };

describe("the copy of the settings", () => {
  it("has the committed values, the host key, and what was encrypted before with its salt", () => {
    assert.deepEqual(parse(renderSettings(committed, previous, onMachine, "ssh-ed25519 AAAA")), {
      encryptionsalt: "v1:salt",
      config: {
        "bibind:layers": ["foundation"],
        "bibind:foundation": {
          domain: "bibind.test",
          host: { address: "172.30.0.2", hostKey: "ssh-ed25519 AAAA", privateKey: { secure: "v1:cipher" } },
          chartRepository: "http://172.30.0.2:8879/",
        },
      },
    });
  });

  it("is the same text when it is made again from itself", () => {
    const once = renderSettings(committed, previous, onMachine, "ssh-ed25519 AAAA");
    assert.equal(renderSettings(committed, once, onMachine, "ssh-ed25519 AAAA"), once);
  });

  it("holds no secret at first, and tells so", () => {
    assert.ok(!holdsSecret(renderSettings(committed, "", onMachine, "key"), "machine"));
    assert.ok(holdsSecret(renderSettings(committed, previous, onMachine, "key"), "machine"));
  });

  it("deploys the chosen layers, whatever the committed settings deploy", () => {
    const settings = renderSettings(committed, previous, { ...onMachine, layers: ["foundation", "iam"] }, "key");
    assert.deepEqual(layersIn(settings), ["foundation", "iam"]);
    assert.deepEqual(layersIn(committed), ["foundation"]);
    assert.deepEqual(layersIn(""), []);
  });

  it("names neither host nor chart mirror when the cluster exists", () => {
    const settings = renderSettings(committed, "", { ...onMachine, cluster: "existing" }, "key");
    assert.deepEqual(parse(settings), {
      config: { "bibind:layers": ["foundation"], "bibind:foundation": { domain: "bibind.test" } },
    });
    assert.equal(secretName("existing"), "bibind:foundation.cluster.kubeconfig");
  });
});
