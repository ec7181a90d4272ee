import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { foundationSettings, type FoundationSettings } from "../../../../stacks/foundation/settings.ts";
import { loadSettings } from "../../../../stacks/settings/load.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { settled } from "../../../support/outputs.ts";

/** A string of SSH: its length in 4 bytes, then its bytes. */
function sshText(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
}

/** A key file that has the right frame and cipher, but no key. */
function privateKey(cipher: string): string {
  const blob = Buffer.concat([Buffer.from("openssh-key-v1\0"), sshText(cipher), sshText("none")]);
  const kind = "OPENSSH PRIVATE KEY";
  return `-----BEGIN ${kind}-----\n${blob.toString("base64")}\n-----END ${kind}-----`;
}

const publicKey = (type: string, inside = type): string => `${type} ${sshText(inside).toString("base64")}`;

/** A machine that nobody trusts, and one that the network of the deployers reaches. */
const closed = { address: "172.30.0.2", privateKey: privateKey("none"), hostKey: publicKey("ssh-ed25519") };
const trusting = { hardening: { firewall: { trustedNetworks: ["172.30.0.0/24"] } } };
const host = { ...closed, ...trusting };
const least = { domain: "bibind.test", host, certificates: { issuer: "internal" } };

/** A first machine and a further one. */
const first = host;
const node = { ...first, address: "172.30.0.3" };

/** Every setting in a value, by its path. */
function paths(value: unknown, path: string[] = []): string[][] {
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return [path, ...keys.flatMap((key) => paths(valueAt(value, [key]), [...path, key]))].filter(
    ({ length }) => length > 0,
  );
}

/** The value with another one at one path. */
function withAt(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) {
    return other;
  }
  const changed = withAt(valueAt(value, [key]), rest, other);
  return Array.isArray(value) ? value.with(Number(key), changed) : { ...Object(value), [key]: changed };
}

const layers = [{ name: "foundation", needs: [], settings: foundationSettings }];

function load(foundation: unknown): FoundationSettings {
  const values = { layers: ["foundation"], foundation };
  return foundationSettings.parse(loadSettings({ file: "Pulumi.test.yaml", values }, layers).layers.get("foundation"));
}

function problems(foundation: unknown): string[] {
  try {
    load(foundation);
  } catch (error) {
    assert.ok(error instanceof OperatorError, String(error));
    const lines = error.parts.what.split("\n  ").slice(1);
    return lines.map((line) => line.replace(" (Pulumi.test.yaml)", "").replace("bibind:foundation.", ""));
  }
  return [];
}

describe("the settings of the foundation", () => {
  it("need a domain, a server and an issuer, and have defaults for everything else", () => {
    const settings = load(least);
    assert.deepEqual(
      { ...settings, host: { ...settings.host, privateKey: "" } },
      {
        domain: "bibind.test",
        host: {
          address: "172.30.0.2",
          port: 22,
          user: "debian",
          privateKey: "",
          hostKey: host.hostKey,
          minimum: { cpus: 2, memoryGiB: 8, diskGiB: 40 },
          hardening: {
            sshKeyOnly: true,
            unattendedUpgrades: true,
            firewall: { allowedTcpPorts: [22, 80, 443], trustedNetworks: ["172.30.0.0/24"] },
            requireDiskEncryption: false,
          },
        },
        cluster: {
          channel: "1.34/stable",
          addons: ["dns", "rbac", "hostpath-storage", "ingress", "cert-manager", "metrics-server"],
          nodes: [],
        },
        certificates: { issuer: "internal", commonName: "Bibind internal CA" },
        postgresOperator: { enabled: true, replicas: 1 },
        secretsOperator: { enabled: true, replicas: 1 },
      },
    );
    assert.deepEqual(problems({}), [
      "domain: missing; expected a lower-case DNS name such as bibind.com",
      "certificates: missing; expected a mapping with issuer",
      "host: missing; give the server to install on, or cluster.kubeconfig of an existing cluster",
    ]);
  });

  it("accept an ACME issuer with Let's Encrypt as its default server", () => {
    const settings = load({ ...least, certificates: { issuer: "acme", email: "platform@bibind.com" } });
    assert.deepEqual(settings.certificates, {
      issuer: "acme",
      email: "platform@bibind.com",
      server: "https://acme-v02.api.letsencrypt.org/directory",
    });
  });

  it("need no server for an existing cluster, and keep its kubeconfig secret", async () => {
    const kubeconfig = "apiVersion: v1\nclusters: []\nusers: []\n";
    const settings = load({ ...least, host: undefined, cluster: { kubeconfig } });
    assert.equal(settings.host, undefined);
    assert.equal(await pulumi.isSecret(settings.cluster.kubeconfig ?? pulumi.output("")), true);
  });

  it("refuse further machines without a first one on which the cluster is installed", () => {
    const kubeconfig = "clusters: []\nusers: []\n";
    for (const given of [undefined, first]) {
      assert.deepEqual(problems({ ...least, host: given, cluster: { kubeconfig, nodes: [node] } }), [
        "cluster.nodes: machines can only join a cluster that is installed on `host`, without cluster.kubeconfig",
      ]);
    }
  });

  it("accept a further machine as control plane or worker, with the rules of every machine", () => {
    const roleOf = (given: object): unknown =>
      load({ ...least, host: first, cluster: { nodes: [given] } }).cluster.nodes[0]?.role;
    assert.equal(roleOf(node), "control-plane");
    assert.equal(roleOf({ ...node, role: "worker" }), "worker");
    const closed = { ...node, hardening: undefined, role: "master", port: 2222 };
    assert.deepEqual(problems({ ...least, host: first, cluster: { nodes: [closed] } }), [
      'cluster.nodes[0].role: unsupported "master"; supported: control-plane, worker',
      "cluster.nodes[0].hardening.firewall.allowedTcpPorts: would lock you out: add the SSH port 2222, or your own network to trustedNetworks",
      "cluster.nodes[0].hardening.firewall.trustedNetworks: missing; the machines of the cluster must reach each other, so name their network here",
    ]);
  });

  it("refuse machines of one cluster that do not trust each other's network", () => {
    const missing =
      "hardening.firewall.trustedNetworks: missing; the machines of the cluster must reach each other, so name their network here";
    const open = { ...closed, hardening: { firewall: { allowedTcpPorts: [22, 80, 443, 16443] } } };
    assert.deepEqual(problems({ ...least, host: open, cluster: { nodes: [node] } }), [`host.${missing}`]);
    assert.deepEqual(problems({ ...least, host: first, cluster: { nodes: [{ ...open, address: "172.30.0.3" }] } }), [
      `cluster.nodes[0].${missing}`,
    ]);
  });

  it("refuse a machine that is listed twice", () => {
    assert.deepEqual(problems({ ...least, host: first, cluster: { nodes: [node, first, node] } }), [
      "cluster.nodes[1].address: `host` is the same machine",
      "cluster.nodes[2].address: cluster.nodes[0] is the same machine",
    ]);
  });

  it("name the supported addons", () => {
    assert.deepEqual(problems({ ...least, cluster: { addons: ["ingress", "cert-manager", "gpu", "ingress"] } }), [
      'cluster.addons[2]: unsupported "gpu"; supported: dns, rbac, hostpath-storage, ingress, cert-manager, metrics-server',
      'cluster.addons: "ingress" is listed twice',
    ]);
  });

  it("need the addons that the foundation uses, but not on an existing cluster", () => {
    const cluster = { addons: ["dns"] };
    assert.deepEqual(problems({ ...least, cluster }), [
      "cluster.addons: cert-manager is missing: certificates come from it",
      "cluster.addons: ingress is missing: people reach every page through it",
    ]);
    const kubeconfig = "clusters: []\nusers: []\n";
    assert.deepEqual(problems({ ...least, host: undefined, cluster: { ...cluster, kubeconfig } }), []);
  });

  it("accept a snap channel with its risk, and nothing else", () => {
    assert.deepEqual(problems({ ...least, cluster: { channel: 1.34 } }), [
      'cluster.channel: expected a snap channel of MicroK8s such as "1.34/stable", got 1.34',
    ]);
    assert.deepEqual(problems({ ...least, cluster: { channel: "1.35/candidate" } }), []);
  });

  it("refuse a firewall that would lock the operator out, and accept one that trusts a network", () => {
    const closed = { allowedTcpPorts: [80, 443, 16443] };
    const locked =
      "hardening.firewall.allowedTcpPorts: would lock you out: add the SSH port 22, or your own network to trustedNetworks";
    assert.deepEqual(problems({ ...least, host: { ...host, hardening: { firewall: closed } } }), [`host.${locked}`]);
    const open = { firewall: { ...closed, allowedTcpPorts: [22, 16443] } };
    const onOtherPort = { ...host, port: 2222, hardening: open };
    assert.deepEqual(problems({ ...least, host: onOtherPort }), [`host.${locked.replace("22,", "2222,")}`]);
    const trusted = { ...closed, trustedNetworks: ["10.0.0.0/8"] };
    assert.deepEqual(problems({ ...least, host: { ...host, hardening: { firewall: trusted } } }), []);
  });

  it("refuse a firewall that closes the Kubernetes API to the deployer, or port 80 to the public CA", () => {
    const withPorts = (allowedTcpPorts: number[], trustedNetworks: string[] = []): string[] =>
      problems({
        ...least,
        host: { ...host, hardening: { firewall: { allowedTcpPorts, trustedNetworks } } },
        certificates: { issuer: "acme", email: "platform@bibind.com" },
      }).map((line) => line.replace("host.hardening.firewall.allowedTcpPorts: ", ""));
    const ca = "80 is missing: the public CA asks the host there";
    assert.deepEqual(withPorts([22, 443]), [
      ca,
      "16443 is missing: the deployer reaches the Kubernetes API there; add it, or your network to trustedNetworks",
    ]);
    assert.deepEqual(withPorts([22, 443], ["10.0.0.0/8"]), [ca]);
    assert.deepEqual(withPorts([22, 80, 443], ["10.0.0.0/8"]), []);
  });

  it("open the Kubernetes API to nobody by default", () => {
    assert.deepEqual(problems({ ...least, host: closed }), [
      "host.hardening.firewall.allowedTcpPorts: 16443 is missing: the deployer reaches the Kubernetes API there; add it, or your network to trustedNetworks",
    ]);
  });

  it("count the common name of the CA in bytes, as cert-manager does", () => {
    const withName = (commonName: string): string[] =>
      problems({ ...least, certificates: { issuer: "internal", commonName } });
    assert.deepEqual(withName("é".repeat(32)), []);
    for (const name of ["é".repeat(33), "a".repeat(65), " ", "a\tb"]) {
      assert.match(withName(name).join(), /^certificates\.commonName: expected a name of 1 to 64 bytes/);
    }
  });

  it("refuse a domain that leaves no place for a host name of 63 characters", () => {
    const domain = `${"a".repeat(61)}.${"b".repeat(63)}.${"c".repeat(63)}`;
    assert.deepEqual(problems({ ...least, domain }), []);
    assert.match(problems({ ...least, domain: `a${domain}` }).join(), /^domain: expected .* a text of 190 characters/);
  });

  it("ask for the SSH key with the exact command, for a further machine too", () => {
    const rest = { ...first, privateKey: undefined };
    assert.deepEqual(problems({ ...least, host: rest, cluster: { nodes: [{ ...rest, address: "172.30.0.3" }] } }), [
      "host.privateKey: missing; give it with: pulumi config set --secret --path 'bibind:foundation.host.privateKey'",
      "cluster.nodes[0].privateKey: missing; give it with: pulumi config set --secret --path 'bibind:foundation.cluster.nodes[0].privateKey'",
    ]);
  });

  it("refuse a private key that is damaged, of another kind or encrypted, without showing it", () => {
    const damaged = privateKey("none").replace("b3Bl", "!!!!");
    for (const key of [damaged, "", "hunter2", host.hostKey, privateKey("aes256-ctr")]) {
      assert.deepEqual(problems({ ...least, host: { ...host, privateKey: key } }), [
        "host.privateKey: expected an OpenSSH private key in PEM form, without passphrase; replace it with: pulumi config set --secret --path 'bibind:foundation.host.privateKey'",
      ]);
    }
  });

  it("end a private key with the newline that OpenSSH requires and `pulumi config set` removes", async () => {
    for (const given of [host.privateKey, `${host.privateKey}\n`]) {
      const key = load({ ...least, host: { ...host, privateKey: given } }).host?.privateKey;
      assert.equal(await settled(key ?? pulumi.output("")), `${host.privateKey}\n`);
    }
  });

  it("accept a host key of every usual kind, and refuse one that contradicts itself", () => {
    for (const type of ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"]) {
      assert.deepEqual(problems({ ...least, host: { ...host, hostKey: `${publicKey(type)} root@server` } }), []);
    }
    const address = `172.30.0.2 ${host.hostKey}`;
    for (const hostKey of [address, "ssh-ed25519", "ssh-ed25519 AAAA", publicKey("ssh-ed25519", "ssh-rsa"), "*"]) {
      assert.deepEqual(problems({ ...least, host: { ...host, hostKey } }), [
        `host.hostKey: expected the public host key line, such as "ssh-ed25519 AAAA…" (ssh-keyscan prints it after the address), got ${JSON.stringify(hostKey)}`,
      ]);
    }
  });

  it("suggest the most similar name for an unknown setting at any depth", () => {
    assert.deepEqual(problems({ ...least, postgresoperator: {}, host: { ...host, minimum: { memoryGib: 4 } } }), [
      'host.minimum.memoryGib: unknown setting; did you mean "memoryGiB"?',
      'postgresoperator: unknown setting; did you mean "postgresOperator"?',
    ]);
  });

  it("name the setting, and show no secret, for any wrong value of any setting", () => {
    const firewall = { allowedTcpPorts: [22, 80], trustedNetworks: ["172.30.0.0/24"] };
    const full = {
      ...least,
      host: { ...host, port: 22, user: "debian", hardening: { sshKeyOnly: true, firewall } },
      cluster: { addons: ["ingress", "cert-manager"], nodes: [{ ...node, role: "worker" }] },
      certificates: { issuer: "acme", email: "platform@bibind.com" },
    };
    assert.deepEqual(problems(full), []);
    const adopting = { ...least, cluster: { kubeconfig: "clusters: []\nusers: []\n" } };
    assert.deepEqual(problems(adopting), []);
    assert.match(problems(withAt(adopting, ["cluster", "kubeconfig"], NaN)).join(), /^cluster\.kubeconfig: expected/);
    for (const path of paths(full)) {
      for (const other of [null, { odd: 1 }, [[]], NaN]) {
        const lines = problems(withAt(full, path, other));
        const setting = path.join(".").replaceAll(/\.(\d+)/g, "[$1]");
        assert.ok(
          lines.some((line) => line.startsWith(setting)),
          `${setting}: ${lines.join("; ")}`,
        );
        assert.doesNotMatch(lines.join("\n"), /b3BlbnNza|users: \[\]/);
      }
    }
  });
});
