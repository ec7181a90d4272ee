import * as pulumi from "@pulumi/pulumi";
import { Command } from "@pulumi/command/remote/command.js";
import { BibindComponent } from "../base.ts";
import { OperatorError } from "../errors/operator-error.ts";
import type { Host } from "./host.ts";
import { asRoot, assignments, prelude, reportIn, shellQuote, type StepScript } from "./shell.ts";

export interface RemoteStepArgs {
  /** The machine on which the step runs. A change runs it on the new machine and removes nothing from the old one. */
  readonly host: Host;
  /** What the step does, for its progress line and its errors, such as "install MicroK8s". */
  readonly title: string;
  /**
   * `check` ends with status 0 if the host has the desired state; `apply` makes this state; `remove`, if it exists,
   * restores the earlier state; `report`, if it exists, prints the step's output. A change of the text runs the step
   * again. The step then does nothing if `check` succeeds.
   */
  readonly script: StepScript;
  /** Values for the script, by variable name. Never a secret: the process list shows them. */
  readonly parameters?: Readonly<Record<string, pulumi.Input<string | number>>>;
  /** A secret for the script, which reads it from `$input`. It is sent on standard input only. */
  readonly input?: pulumi.Input<string>;
  /** Whether the report of the step is a secret. Default: false; always true with an `input`. */
  readonly secretOutput?: boolean;
  /** Why a destroy changes nothing on the host. Required for a script without `remove`, and only for such a script. */
  readonly keeps?: string;
  /** Values whose change replaces the step (removes, then applies). Default: none. */
  readonly replaceOnChangesOf?: readonly pulumi.Input<string>[];
}

type Action = "apply" | "remove";

function checkedRemoval(args: RemoteStepArgs): void {
  if (args.script.removes === (args.keeps !== undefined)) {
    throw new Error(
      args.script.removes
        ? `${args.script.file} has a remove(), so the step "${args.title}" must not have "keeps"`
        : `${args.script.file} has no remove(): the step "${args.title}" must say in "keeps" why a destroy changes nothing`,
    );
  }
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

/** The shell text of the step. A secret in it is an error. */
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

/** A login shell that does not run the step can still end with status 0. */
function unreported(title: string, address: string, user: string): never {
  throw new OperatorError({
    what: `the step "${title}" printed no report, so it did not run`,
    where: `host ${address}`,
    remedy: `check the login shell of ${user} on the host (getent passwd ${user}) and ForceCommand in sshd_config, then run pulumi up --replace with the URN of the step's command`,
  });
}

/**
 * One step of work on a machine. The platform works over SSH only through steps.
 *
 * A step reads the state first and acts only on a difference, so it can run again after a kill at any point. It runs when
 * it is created and when its text changes. In between, it does not notice a change that somebody makes on the host by
 * hand, because the command provider cannot read (pulumi-command 1.2).
 *
 * A failure ends with one line on standard error: `bibind: STEP: WHAT | host ADDRESS | REMEDY`.
 */
export class RemoteStep extends BibindComponent {
  /** The report of the script, without the final newline. Without a report, the step fails. */
  readonly output: pulumi.Output<string>;
  /** The resource that runs the script, for `deletedWith`. */
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
        // By default, the provider gives the previous output, which can be a secret, to the script's environment.
        addPreviousOutputInEnv: false,
      },
      {
        parent: this,
        additionalSecretOutputs: isSecret ? ["stdout", "stderr"] : [],
        deletedWith: opts?.deletedWith,
      },
    );
    const output = pulumi
      .all([this.command.stdout, args.host.address, args.host.user])
      .apply(([stdout, address, user]) => reportIn(stdout) ?? unreported(args.title, address, user));
    // The provider makes every output of a command secret, because its connection has a key.
    this.output = isSecret ? pulumi.secret(output) : pulumi.unsecret(output);
    this.registerOutputs({ output: this.output });
  }
}
