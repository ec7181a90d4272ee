import { OvhHost } from "../../components/host/ovh-host.ts";

/** An `OvhHost` that asks for little and hardens nothing, for tests of what stands on it. */
export function bareHost(name: string, address: string): OvhHost {
  return new OvhHost(name, {
    address,
    privateKey: "KEY",
    hostKey: "ssh-ed25519 AAAA",
    minimum: { cpus: 1, memoryGiB: 1, diskGiB: 1 },
    hardening: { sshKeyOnly: false, unattendedUpgrades: false, requireDiskEncryption: false },
  });
}
