import assert from "node:assert/strict";
import { z } from "zod";
import { deployerLogin } from "../../../../components/vault/self-init.ts";
import {
  hashiCorpVaultConfiguration,
  openBaoConfiguration,
  type OpenBaoArgs,
  type TransitSeal,
} from "../../../../components/vault/server-configuration.ts";

const listener = { certFile: "/tls/tls.crt", keyFile: "/tls/tls.key" };
const one: OpenBaoArgs = {
  listener,
  storage: { path: "/openbao/data" },
  seal: { kind: "static", key: { id: "2026-11", file: "/seal/2026-11" } },
  auditFile: "stdout",
};
const peer = { apiAddress: "https://vault-0.vault-internal:8200", caCertFile: "/tls/ca.crt" };
const transit: TransitSeal = { kind: "transit", address: "https://keys.example:8200", keyName: "bibind" };

const configuration = z.record(z.string(), z.unknown());

function parsed(text: string): z.infer<typeof configuration> {
  return configuration.parse(JSON.parse(text));
}

describe("The configuration of an OpenBao server", () => {
  it("is TLS, integrated storage, a seal and an audit log", () => {
    assert.deepEqual(parsed(openBaoConfiguration(one)), {
      ui: true,
      listener: [
        {
          tcp: {
            address: "[::]:8200",
            cluster_address: "[::]:8201",
            tls_cert_file: "/tls/tls.crt",
            tls_key_file: "/tls/tls.key",
          },
        },
      ],
      storage: { raft: { path: "/openbao/data" } },
      seal: [{ static: { current_key_id: "2026-11", current_key: "file:///seal/2026-11" } }],
      audit: [{ file: { file: { description: "every request and answer", options: { file_path: "stdout" } } } }],
    });
  });

  it("reads with the key before the last change", () => {
    const key = { id: "2026-11", file: "/seal/2026-11" };
    const previousKey = { id: "2026-05", file: "/seal/2026-05" };
    const text = openBaoConfiguration({ ...one, seal: { kind: "static", key, previousKey } });
    assert.match(text, /"previous_key_id": "2026-05",\s+"previous_key": "file:\/\/\/seal\/2026-05"/);
  });

  it("lets a further node ask its peers, and the pod be labelled", () => {
    const storage = { path: "/openbao/data", nodeId: "vault-1", peers: [peer] };
    const text = openBaoConfiguration({ ...one, storage, labelsPod: true, apiAddress: "https://vault-1:8200" });
    assert.deepEqual(parsed(text), {
      ...parsed(openBaoConfiguration(one)),
      api_addr: "https://vault-1:8200",
      storage: {
        raft: {
          path: "/openbao/data",
          node_id: "vault-1",
          retry_join: [{ leader_api_addr: peer.apiAddress, leader_ca_cert_file: peer.caCertFile }],
        },
      },
      service_registration: { kubernetes: {} },
    });
  });

  it("initialises in the order in which the requests build on one another", () => {
    const text = openBaoConfiguration({ ...one, firstRequests: deployerLogin({ namespace: "iam" }) });
    const paths = [...text.matchAll(/"path": "((sys|auth)\/[^"]+)"/g)].map((match) => match[1]);
    assert.deepEqual(paths, [
      "sys/auth/kubernetes",
      "auth/kubernetes/config",
      "sys/policies/acl/pulumi",
      "auth/kubernetes/role/pulumi",
    ]);
    // Charts put it through Helm's templates.
    assert(!text.includes("{{"));
  });

  it("refuses peers to a node that initialises itself", () => {
    const storage = { path: "/openbao/data", peers: [peer] };
    const firstRequests = deployerLogin({ namespace: "iam" });
    assert.throws(() => openBaoConfiguration({ ...one, storage, firstRequests }), /may have no peers/);
  });
});

describe("The configuration of a HashiCorp Vault server", () => {
  it("has the transit seal, and nothing that only OpenBao knows", () => {
    const text = hashiCorpVaultConfiguration({
      listener,
      storage: { path: "/vault/data", peers: [peer] },
      seal: transit,
    });
    const { disable_mlock, seal, audit, initialize } = parsed(text);
    assert.equal(disable_mlock, true);
    assert.deepEqual(seal, [{ transit: { address: transit.address, key_name: "bibind", mount_path: "transit/" } }]);
    assert.deepEqual([audit, initialize], [undefined, undefined]);
  });
});
