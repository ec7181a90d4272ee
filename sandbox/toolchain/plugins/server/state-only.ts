import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { Properties } from "./values.ts";

/**
 * Reads a resource that exists only in the state, so it cannot drift.
 *
 * @throws OperatorError for an import, which has nothing to read
 */
export function readFromState(type: string, id: string, inputs: Properties, outputs: Properties) {
  if (Object.keys(outputs).length === 0) {
    throw new OperatorError({ what: `${type} cannot be imported`, where: id, remedy: "let the program create it" });
  }
  return { id, inputs, outputs };
}
