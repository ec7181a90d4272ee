import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { CancelledError } from "../api/errors.ts";

export interface HelmRun {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cancelled: AbortSignal;
}

/** Helm failed; `output` is its message. */
export class HelmError extends Error {
  override readonly name = "HelmError";
  readonly output: string;

  constructor(output: string) {
    super(output);
    this.output = output;
  }
}

const PARENT_DEATH = "/usr/bin/setpriv";

/** Runs helm. @throws HelmError when it fails, CancelledError when the operator interrupts */
export async function runHelm(run: HelmRun): Promise<string> {
  const { execa } = await import("execa"); // loaded only for a Release
  const helm = helmPath();
  // When this process is killed, helm must end too. It would disturb the next run.
  const guard = existsSync(PARENT_DEATH) ? [PARENT_DEATH, "--pdeathsig", "KILL"] : [];
  const [command = helm, ...args] = [...guard, helm, ...run.args];
  const result = await execa(command, args, {
    env: { ...run.environment },
    stdin: "ignore",
    reject: false,
    cancelSignal: run.cancelled,
    forceKillAfterDelay: 5000,
  });
  if (run.cancelled.aborted) {
    throw new CancelledError(`helm ${run.args[0] ?? ""} was running`);
  }
  if (result.failed) {
    throw new HelmError(result.stderr.trim() || result.shortMessage || "helm failed without a message");
  }
  return result.stdout;
}

/**
 * Path of helm: `BIBIND_HELM`, else in the folder of this program or on the PATH.
 *
 * @throws OperatorError without helm
 */
function helmPath(): string {
  const adjacent = process.argv[1] === undefined ? [] : [join(dirname(process.argv[1]), "helm")];
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "helm"));
  const configured = process.env.BIBIND_HELM ?? "";
  const candidates = configured === "" ? [...adjacent, ...onPath] : [configured];
  const found = candidates.find(isExecutable);
  if (found === undefined) {
    throw new OperatorError({
      what: "The helm program was not found.",
      where: configured === "" ? "the folder of the kubernetes plugin, $PATH" : `$BIBIND_HELM (${configured})`,
      remedy: "Install Helm 3 or 4, or set BIBIND_HELM to its path.",
    });
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

let version: Promise<number> | undefined;

/** Major version of the helm program. */
export function helmMajor(cancelled: AbortSignal): Promise<number> {
  version ??= runHelm({ args: ["version", "--template", "{{.Version}}"], environment: {}, cancelled }).then((text) =>
    Number(/^v?(\d+)\./.exec(text.trim())?.[1] ?? 3),
  );
  return version;
}
