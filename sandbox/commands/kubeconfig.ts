import { OperatorError } from "../../components/errors/operator-error.ts";
import { readArguments, refusePositionals } from "./arguments.ts";
import type { Command } from "./command.ts";
import { printOrWrite } from "./file-option.ts";
import { knownHost, outputOnHost, sshToHost } from "./known-host.ts";

/** A kubeconfig as `microk8s config` prints it. @param printed - undefined when the command failed. @throws OperatorError */
export function administratorKubeconfig(printed: string | undefined): string {
  if (printed === undefined) {
    throw new OperatorError({
      what: "the machine has no cluster yet, or its cluster does not start",
      where: knownHost.name,
      remedy: "deploy it: make up; make logs shows what the machine does",
    });
  }
  return `${printed.trimEnd()}\n`;
}

export const command: Command = {
  name: "kubeconfig",
  summary: "print the kubeconfig of the cluster's administrator, or write it to a file that only you can read",
  usage: "[--file=PATH]",
  run: async (args) => {
    const { values, positionals } = readArguments(args, { file: { type: "string", default: "" } });
    refusePositionals(positionals);
    // It refuses a machine that does not run.
    await sshToHost();
    const kubeconfig = administratorKubeconfig(await outputOnHost("sudo", "microk8s", "config"));
    await printOrWrite(kubeconfig, values.file);
    return 0;
  },
};
