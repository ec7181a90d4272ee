import { z } from "zod";

/** Properties of a machine that the preflight found. */
export interface HostFacts {
  /** Distribution and version, such as `debian 13`. */
  readonly os: string;
  /** Processors, as the kernel reports them. */
  readonly cpus: number;
  /** Memory in GiB, rounded up, because the kernel reserves a part of the installed memory. */
  readonly memoryGiB: number;
  /** Free disk space below /var in GiB. On a machine with MicroK8s: the size of the file system. */
  readonly diskGiB: number;
  /** Virtualisation extension of the processor. Virtual machines need one. */
  readonly virtualisation: "vmx" | "svm" | "none";
  /** `synchronised` by a time service, or `plausible`: no time service, but later than the platform's code. */
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
