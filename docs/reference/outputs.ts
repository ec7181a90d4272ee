import { z } from "zod";
import type { Layer } from "../../stacks/layer.ts";

const introduction = `# Outputs

Generated from the contracts in \`stacks/*/contract.ts\` by \`make reference\`; do not edit.

\`pulumi stack output <layer> --json\` gives the outputs of a layer. A consumer checks \`contractVersion\`, which increases
when a field is removed or changes its meaning. \`--show-secrets\` shows the secret fields to people who know the passphrase.`;

function table({ contract }: Layer): string {
  const rows = Object.entries(contract.fields.shape).map(([name, field]) => {
    const meta = z.globalRegistry.get(field);
    return `| \`${name}\` | ${meta?.["secret"] === true ? "secret" : ""} | ${meta?.description ?? ""} |`;
  });
  return ["| Output | Secret | Meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The reference of the stack outputs for people, in Markdown: one table for each layer. */
export function outputsReference(layers: readonly Layer[]): string {
  const sections = layers.flatMap((layer) => [
    `## Layer ${layer.name}`,
    `Version ${layer.contract.version} of the contract.`,
    table(layer),
  ]);
  return [introduction, ...sections].join("\n\n") + "\n";
}
