import assert from "node:assert/strict";
import { parse } from "yaml";
import { holdsSecret, renderSettings, secretName } from "../../../../sandbox/commands/stack/settings.ts";

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

describe("the settings file of this machine", () => {
  it("has the committed values, the host key, and the previous encrypted secret with its salt", () => {
    assert.deepEqual(parse(renderSettings(committed, previous, "machine", "ssh-ed25519 AAAA")), {
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

  it("does not change when it is rendered again from itself", () => {
    const once = renderSettings(committed, previous, "machine", "ssh-ed25519 AAAA");
    assert.equal(renderSettings(committed, once, "machine", "ssh-ed25519 AAAA"), once);
  });

  it("contains the secret only when the previous file had it", () => {
    assert.ok(!holdsSecret(renderSettings(committed, "", "machine", "key"), "machine"));
    assert.ok(holdsSecret(renderSettings(committed, previous, "machine", "key"), "machine"));
  });

  it("has neither host nor chart mirror when the cluster exists already", () => {
    const settings = renderSettings(committed, "", "existing", "key");
    assert.deepEqual(parse(settings), {
      config: { "bibind:layers": ["foundation"], "bibind:foundation": { domain: "bibind.test" } },
    });
    assert.equal(secretName("existing"), "bibind:foundation.cluster.kubeconfig");
  });
});
