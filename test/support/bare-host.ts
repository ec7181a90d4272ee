import { OvhHost } from "../../components/host/ovh-host.ts";

/** An `OvhHost` with a small minimum and little hardening, for tests of components that use a host. */
export function bareHost(name: string, address: string): OvhHost {
  return new OvhHost(name, {
    address,
    port: 22,
    user: "root",
    privateKey: "KEY",
    hostKey: "ssh-ed25519 AAAA",
    minimum: { cpus: 1, memoryGiB: 1, diskGiB: 1 },
    hardening: {
      sshKeyOnly: false,
      unattendedUpgrades: false,
      firewall: { allowedTcpPorts: [22], trustedNetworks: [] },
      requireDiskEncryption: false,
    },
  });
}
