import { OvhHost, type Hardening, type HostMinimum } from "../../components/host/ovh-host.ts";
import { FakeHost, type StepResult } from "./fake-host.ts";
import { record } from "./mocks.ts";

/** Differences from the settings of a small machine with all hardening. */
export interface HostChanges {
  readonly minimum?: Partial<HostMinimum>;
  readonly hardening?: Partial<Hardening>;
}

/** The text that a step of an `OvhHost` gives to the SSH server. */
export async function textOfStep(
  step: string,
  action: "create" | "delete",
  changes: HostChanges = {},
): Promise<string> {
  const recording = await record(
    () =>
      new OvhHost("host", {
        address: "192.0.2.7",
        port: 22,
        user: "root",
        privateKey: "KEY",
        hostKey: "ssh-ed25519 AAAA",
        minimum: { cpus: 2, memoryGiB: 8, diskGiB: 40, ...changes.minimum },
        hardening: {
          sshKeyOnly: true,
          unattendedUpgrades: true,
          firewall: { allowedTcpPorts: [22], trustedNetworks: [] },
          requireDiskEncryption: false,
          ...changes.hardening,
        },
      }),
  );
  return String(recording.named(`host-${step}-command`).inputs[action]);
}

/** One step of an `OvhHost`, run on a fake machine with the same text as on a real one. */
export class HostStep {
  readonly host = new FakeHost();
  readonly #step: string;

  constructor(step: string) {
    this.#step = step;
  }

  /** @param connection - SSH_CONNECTION as sshd sets it. Default: none. */
  async create(changes: HostChanges = {}, connection = ""): Promise<StepResult> {
    return this.host.run(await textOfStep(this.#step, "create", changes), { connection });
  }

  async remove(): Promise<StepResult> {
    return this.host.run(await textOfStep(this.#step, "delete"));
  }
}
