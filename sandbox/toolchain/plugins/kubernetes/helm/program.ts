import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { CancelledError } from "../api/errors.ts";

export interface HelmRun {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cancelled: AbortSignal;
}

/** Helm ended with an error; `output` is what it said. */
export class HelmError extends Error {
  override readonly name = "HelmError";
  readonly output: string;

  constructor(output: string) {
    super(output);
    this.output = output;
  }
}

const PARENT_DEATH = "/usr/bin/setpriv";

/** Runs helm. @throws HelmError when it fails, CancelledError when the run is interrupted */
export async function runHelm(run: HelmRun): Promise<string> {
  const { execa } = await import("execa"); // only programs with a Release pay for loading it
  const helm = helmPath();
  // When this process is killed, helm must not go on behind the back of the next run.
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

/** Helm by `BIBIND_HELM`, beside this program, or on the PATH. @throws OperatorError when there is none */
export function helmPath(): string {
  const beside = process.argv[1] === undefined ? [] : [join(dirname(process.argv[1]), "helm")];
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "helm"));
  const stated = process.env.BIBIND_HELM;
  const candidates = stated === undefined || stated === "" ? [...beside, ...onPath] : [stated];
  const found = candidates.find(isExecutable);
  if (found === undefined) {
    throw new OperatorError({
      what: "The helm program was not found.",
      where: stated === undefined || stated === "" ? "beside the kubernetes plugin, $PATH" : `$BIBIND_HELM (${stated})`,
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

/** Major version of the helm program, asked once. */
export function helmMajor(cancelled: AbortSignal): Promise<number> {
  version ??= runHelm({ args: ["version", "--template", "{{.Version}}"], environment: {}, cancelled }).then((text) =>
    Number(/^v?(\d+)\./.exec(text.trim())?.[1] ?? 3),
  );
  return version;
}
