import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { Properties } from "./values.ts";

/**
 * Answers a read of a resource that exists in the state alone: it cannot drift.
 *
 * @throws OperatorError for an import, which has nothing to read
 */
export function readFromState(type: string, id: string, inputs: Properties, outputs: Properties) {
  if (Object.keys(outputs).length === 0) {
    throw new OperatorError({ what: `${type} cannot be imported`, where: id, remedy: "let the program create it" });
  }
  return { id, inputs, outputs };
}
