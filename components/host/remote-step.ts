import * as pulumi from "@pulumi/pulumi";
import { Command } from "@pulumi/command/remote/command.js";
import { BibindComponent } from "../base.ts";
import type { Host } from "./host.ts";
import { assignments, prelude, shellQuote, type StepScript } from "./shell.ts";

export interface RemoteStepArgs {
  /** The machine to work on. A change runs the step there; it does not undo it on the machine before. */
  readonly host: Host;
  /** What the step does, in the words of its progress line and of its errors: "install MicroK8s". */
  readonly title: string;
  /**
   * `check` ends with status 0 when the state is as wanted; `apply` makes it so; `remove`, if there is one, puts back
   * what was there before; `report`, if there is one, prints the step's output. A change of the text runs the step
   * again, which does nothing where `check` is content.
   */
  readonly script: StepScript;
  /** Values for the script, by variable name. Never a secret: they are seen in the process list. */
  readonly parameters?: Readonly<Record<string, pulumi.Input<string | number>>>;
  /** A secret for the script, which finds it in `$input`; it travels on standard input only. */
  readonly input?: pulumi.Input<string>;
  /** Whether what the step reports is a secret. Default: false; always true with an `input`. */
  readonly secretOutput?: boolean;
  /** Why destroying the step changes nothing on the host. Owed by, and only by, a script without `remove`. */
  readonly keeps?: string;
  /** Values whose change replaces the step (removes, then applies). Default: none. */
  readonly replaceOnChangesOf?: readonly pulumi.Input<string>[];
}

type Action = "apply" | "remove";

function checkedRemoval(args: RemoteStepArgs): void {
  if (args.script.removes === (args.keeps !== undefined)) {
    throw new Error(
      args.script.removes
        ? `${args.script.file} has a remove(), so the step "${args.title}" cannot say that it keeps something`
        : `${args.script.file} has no remove(): the step "${args.title}" must say in "keeps" why nothing is removed`,
    );
  }
}

/**
 * The text that the SSH server hands to the account's shell.
 *
 * It becomes root through `sudo` where it has to, and names the SSH connection, which `sudo` would forget.
 */
function asRoot(script: string, user: string): string {
  const run = `sh -c ${shellQuote(script)} bibind "\${SSH_CONNECTION:-}"`;
  if (user === "root") {
    return `exec ${run}`;
  }
  const refusal = shellQuote(
    `bibind: ${user} may not use sudo without a password | allow it in /etc/sudoers.d/${user}`,
  );
  return `sudo -n true 2>/dev/null || { echo ${refusal} >&2; exit 1; }\nexec sudo -n ${run}`;
}

function scriptText(args: RemoteStepArgs, address: string, values: Record<string, string | number>): string {
  return [
    `bibind_title=${shellQuote(args.title)}`,
    `bibind_host=${shellQuote(address)}`,
    'bibind_ssh_connection="${1:-}"',
    assignments(values) + prelude.trimEnd(),
    args.input === undefined ? "exec </dev/null" : 'input="$(cat)"',
    args.script.text.trimEnd(),
  ].join("\n");
}

/** The shell text of the step; it is refused when a secret has found its way into it. */
function command(args: RemoteStepArgs, action: Action): pulumi.Output<string> {
  const parameters = pulumi.output(args.parameters ?? {});
  const text = pulumi
    .all([args.host.address, args.host.user, parameters])
    .apply(([address, user, values]) => asRoot(`${scriptText(args, address, values)}\nbibind_run ${action}`, user));
  return text.apply(async (value) => {
    if (await pulumi.isSecret(text)) {
      throw new Error(`the step "${args.title}" has a secret among its parameters: give it as "input"`);
    }
    return value;
  });
}

/**
 * One piece of work on a machine, the only way that the platform works over SSH.
 *
 * It reads the state first and acts only on a difference, so it may be run again after a kill at any point. It runs when
 * it is created and whenever its text changes; between those, a change that somebody makes on the host by hand stays
 * unseen, because the command provider has no way to read (pulumi-command 1.2).
 *
 * Its failures end in one line on standard error: `bibind: STEP: WHAT | host ADDRESS | REMEDY`.
 */
export class RemoteStep extends BibindComponent {
  /** What the script reports, without the final newline. */
  readonly output: pulumi.Output<string>;
  /** The resource that does the work: for `deletedWith`. */
  readonly command: Command;

  constructor(name: string, args: RemoteStepArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bibind:host:RemoteStep", name, opts);
    checkedRemoval(args);
    const isSecret = args.input !== undefined || args.secretOutput === true;
    this.command = new Command(
      this.child("command"),
      {
        connection: args.host.connection,
        create: command(args, "apply"),
        delete: args.script.removes ? command(args, "remove") : undefined,
        stdin: args.input === undefined ? undefined : pulumi.secret(args.input),
        triggers: args.replaceOnChangesOf && [...args.replaceOnChangesOf],
        logging: isSecret ? "none" : "stderr",
        // The output of the run before would come back as an environment variable, secret or not.
        addPreviousOutputInEnv: false,
      },
      {
        parent: this,
        additionalSecretOutputs: isSecret ? ["stdout", "stderr"] : [],
        deletedWith: opts?.deletedWith,
      },
    );
    const output = this.command.stdout.apply((text) => text.trimEnd());
    this.output = isSecret ? pulumi.secret(output) : output;
    this.registerOutputs({ output: this.output });
  }
}
