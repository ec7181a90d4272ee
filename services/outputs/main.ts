/** Shows the outputs of a stack as a table. It reads them from standard input: see `make outputs`. */
import { text } from "node:stream/consumers";
import { z } from "zod";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { outputsTable } from "./table.ts";

const outputsSchema = z.record(z.string(), z.unknown());

/** The outputs in a text. @throws OperatorError when it is something else */
function outputsIn(given: string): z.infer<typeof outputsSchema> {
  try {
    return outputsSchema.parse(JSON.parse(given));
  } catch {
    // No cause is attached: it could quote a secret.
    throw new OperatorError({
      what: "there are no outputs of a stack on standard input",
      where: "standard input of services/outputs/main.ts",
      remedy: "pulumi stack output --json | node services/outputs/main.ts",
    });
  }
}

try {
  process.stdout.write(outputsTable(outputsIn(await text(process.stdin))));
} catch (error) {
  if (!(error instanceof OperatorError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
