import { writeFile } from "node:fs/promises";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { readArguments, refusePositionals } from "./arguments.ts";
import type { Command } from "./command.ts";
import { printOrWrite } from "./file-option.ts";
import { stateFile } from "./stack/folder.ts";
import { stackOutputs, type StackOutputs } from "./stack/outputs.ts";

/** The certificate of the internal CA, in PEM. @throws OperatorError when there is none */
export function internalCa(outputs: StackOutputs | undefined): string {
  if (outputs === undefined) {
    throw new OperatorError({
      what: "the platform is not deployed yet, so that it has no CA",
      where: stateFile(),
      remedy: "deploy it: make up",
    });
  }
  if (outputs.foundation.caCertificate === "") {
    throw new OperatorError({
      what: "a public CA signs the certificates of this platform; browsers know it already",
      where: "bibind:foundation.certificates.issuer",
      remedy: "there is nothing to install",
    });
  }
  return outputs.foundation.caCertificate;
}

export const command: Command = {
  name: "ca",
  summary: "print the certificate of the internal CA, or write it to a file",
  usage: "[--file=PATH]",
  run: async (args) => {
    const { values, positionals } = readArguments(args, { file: { type: "string", default: "" } });
    refusePositionals(positionals);
    await printOrWrite(internalCa(await stackOutputs()), values.file, writeFile);
    return 0;
  },
};
