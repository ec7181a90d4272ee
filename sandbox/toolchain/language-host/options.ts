import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb.js";
import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";

/** The options in `runtime.options` of Pulumi.yaml. */
export interface Options {
  /** Whether ts-node compiles the program. Default false: Node runs TypeScript itself. */
  readonly tsNode: boolean;
  /** Arguments for Node before the program. Default none. */
  readonly nodeArguments: readonly string[];
}

const schema = z.strictObject({
  typescript: z.boolean().default(false),
  nodeargs: z.string().default(""),
  packagemanager: z.literal("npm").default("npm"),
});

/** @throws OperatorError for an option that this host does not support */
export function optionsOf(info: ProgramInfo): Options {
  const parsed = schema.safeParse(info.getOptions()?.toJavaScript() ?? {});
  if (!parsed.success) {
    throw new OperatorError({
      what: `the Node language host does not support these options: ${z.prettifyError(parsed.error)}`,
      where: "runtime.options in Pulumi.yaml",
      remedy: "use only typescript, nodeargs and packagemanager (npm)",
    });
  }
  const { typescript, nodeargs } = parsed.data;
  return { tsNode: typescript, nodeArguments: nodeargs.split(" ").filter((argument) => argument !== "") };
}
