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
const single: OpenBaoArgs = {
  listener,
  storage: { path: "/openbao/data", peers: [] },
  seal: { kind: "static", keyId: "2026-11", keyFile: "/seal/2026-11" },
  auditFile: "/openbao/audit/audit.log",
  firstRequests: [],
};
const peer = { apiAddress: "https://vault-0.vault-internal:8200", caCertFile: "/tls/ca.crt" };
const transit: TransitSeal = {
  kind: "transit",
  address: "https://keys.example:8200",
  keyName: "bibind",
  mountPath: "keys",
};
const transitStanza = { transit: { address: transit.address, key_name: "bibind", mount_path: "keys/" } };

const configuration = z.record(z.string(), z.unknown());

function parsed(text: string): z.infer<typeof configuration> {
  return configuration.parse(JSON.parse(text));
}

describe("the configuration of an OpenBao server", () => {
  it("has TLS, integrated storage, a seal, an audit log, and labels the pod with the server's state", () => {
    assert.deepEqual(parsed(openBaoConfiguration(single)), {
      ui: true,
      listener: [
        {
          tcp: {
            address: "[::]:8200",
            cluster_address: "[::]:8201",
            tls_cert_file: "/tls/tls.crt",
            tls_key_file: "/tls/tls.key",
            max_request_size: 1_048_576,
          },
        },
      ],
      storage: { raft: { path: "/openbao/data" } },
      service_registration: { kubernetes: {} },
      seal: [{ static: { current_key_id: "2026-11", current_key: "file:///seal/2026-11" } }],
      audit: [
        {
          file: {
            file: { description: "every request and answer", options: { file_path: "/openbao/audit/audit.log" } },
          },
        },
        { file: { print: { description: "every request and answer", options: { file_path: "stdout" } } } },
      ],
    });
  });

  it("has the transit seal if the caller gives one", () => {
    assert.deepEqual(parsed(openBaoConfiguration({ ...single, seal: transit })), {
      ...parsed(openBaoConfiguration(single)),
      seal: [transitStanza],
    });
  });

  it("lets a new server join its peers", () => {
    const storage = { path: "/openbao/data", peers: [peer] };
    assert.deepEqual(parsed(openBaoConfiguration({ ...single, storage })), {
      ...parsed(openBaoConfiguration(single)),
      storage: {
        raft: {
          path: "/openbao/data",
          retry_join: [{ leader_api_addr: peer.apiAddress, leader_ca_cert_file: peer.caCertFile }],
        },
      },
    });
  });

  it("makes the first requests in the order in which they depend on each other", () => {
    const text = openBaoConfiguration({ ...single, firstRequests: deployerLogin("iam") });
    const paths = [...text.matchAll(/"path": "((sys|auth)\/[^"]+)"/g)].map((match) => match[1]);
    assert.deepEqual(paths, [
      "sys/auth/kubernetes",
      "auth/kubernetes/config",
      "sys/policies/acl/pulumi",
      "auth/kubernetes/role/pulumi",
    ]);
    // Helm evaluates the configuration as a template.
    assert(!text.includes("{{"));
  });

  it("refuses peers for a server that initialises itself", () => {
    const storage = { path: "/openbao/data", peers: [peer] };
    const firstRequests = deployerLogin("iam");
    assert.throws(() => openBaoConfiguration({ ...single, storage, firstRequests }), /may have no peers/);
  });
});

describe("the configuration of a HashiCorp Vault server", () => {
  it("has the transit seal, and nothing that only OpenBao knows", () => {
    const { disable_mlock, seal, audit, initialize } = parsed(
      hashiCorpVaultConfiguration({ listener, storage: { path: "/vault/data", peers: [peer] }, seal: transit }),
    );
    assert.equal(disable_mlock, true);
    assert.deepEqual(seal, [transitStanza]);
    assert.deepEqual([audit, initialize], [undefined, undefined]);
  });
});
