import { z } from "zod";

/** What the preflight found on a machine. */
export interface HostFacts {
  /** Distribution and version, such as `debian 13`. */
  readonly os: string;
  /** Processors that the kernel sees. */
  readonly cpus: number;
  /** Memory in GiB, rounded up: the kernel keeps a part of what is built in for itself. */
  readonly memoryGiB: number;
  /** Free room below /var in GiB; the whole file system's once MicroK8s lives there. */
  readonly diskGiB: number;
  /** Processor's virtualisation extension; virtual machines need one. */
  readonly virtualisation: "vmx" | "svm" | "none";
  /** `synchronised` by a time service, or only `plausible`: not before the platform's code was written. */
  readonly clock: "synchronised" | "plausible";
}

const factsSchema = z.strictObject({
  os: z.string(),
  cpus: z.coerce.number().int(),
  memoryGiB: z.coerce.number().int(),
  diskGiB: z.coerce.number().int(),
  virtualisation: z.enum(["vmx", "svm", "none"]),
  clock: z.enum(["synchronised", "plausible"]),
});

const encryptionSchema = z.enum(["yes", "no"]);

function lines(report: string): Record<string, string> {
  return Object.fromEntries(
    report.split("\n").map((line) => {
      const equals = line.indexOf("=");
      return [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
}

/** Reads the report of scripts/preflight.sh: `name=value` lines. */
export function parseFacts(report: string): HostFacts {
  return factsSchema.parse(lines(report));
}

/** Reads the report of scripts/disk-encryption.sh: yes or no. */
export function parseEncryption(report: string): boolean {
  return encryptionSchema.parse(report) === "yes";
}
