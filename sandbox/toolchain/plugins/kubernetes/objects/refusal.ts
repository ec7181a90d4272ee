import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { ApiError, nameText, type Cause, type ObjectName } from "../api/errors.ts";

const IMMUTABLE =
  /immutable|may not change|may not be changed|cannot be changed|cannot change|updates? to .* (are|is) forbidden|Forbidden: updates|Forbidden: field (is|can)/i;

/** The fields that the API server refuses to change because they are immutable; empty for any other error. */
export function immutableFields(error: unknown): string[] {
  if (!(error instanceof ApiError) || error.code !== 422) {
    return [];
  }
  const fields = error.causes.filter((cause) => IMMUTABLE.test(cause.message)).map((cause) => cause.field);
  return fields.length === 0 && IMMUTABLE.test(error.message) ? ["spec"] : fields;
}

/** A field that another field manager owns. */
export interface FieldConflict {
  readonly field: string;
  readonly manager: string;
}

export function fieldConflicts(error: unknown): FieldConflict[] {
  if (!(error instanceof ApiError) || error.code !== 409) {
    return [];
  }
  return error.causes
    .filter((cause) => cause.reason === "FieldManagerConflict")
    .map((cause) => ({ field: cause.field, manager: /"([^"]*)"/.exec(cause.message)?.[1] ?? "another manager" }));
}

/** The properties in the server's message that its schema does not have. */
export function unknownProperties(message: string): string[] {
  const undeclared = [...message.matchAll(/(\.[^\s:]+): field not declared in schema/g)].map((match) => match[1] ?? "");
  const strict = [...message.matchAll(/unknown field "([^"]+)"/g)].map((match) => match[1] ?? "");
  return [...undeclared, ...strict].map((path) => path.replace(/^\./, ""));
}

/**
 * Turns a refusal of the API server into an OperatorError. Returns any other error unchanged. The server's message can
 * contain values of a Secret; the OperatorError does not.
 */
export function explained(error: unknown, object: ObjectName, doing: string): unknown {
  if (!(error instanceof ApiError)) {
    return error;
  }
  const [what, remedy] = whatAndRemedy(error, object);
  return new OperatorError({ what, where: `${nameText(object)} (${object.apiVersion}), ${doing}`, remedy });
}

function whatAndRemedy(error: ApiError, object: ObjectName): [string, string] {
  const name = nameText(object);
  const unknown = unknownProperties(error.message);
  if (unknown.length > 0) {
    return [
      `${name} has ${unknown.length === 1 ? "a property" : "properties"} that ${object.apiVersion} does not know: ${unknown.join(", ")}.`,
      `Remove ${unknown.length === 1 ? "it" : "them"} or correct the spelling (\`kubectl explain ${object.kind.toLowerCase()}\` lists them).`,
    ];
  }
  const conflicts = fieldConflicts(error);
  if (conflicts.length > 0) {
    return [
      `${name} has fields that another program manages: ${conflicts.map(({ field, manager }) => `${field.replace(/^\./, "")} (by "${manager}")`).join(", ")}.`,
      `Leave them out of the program (\`ignoreChanges\`), or take them over with the annotation pulumi.com/patchForce: "true".`,
    ];
  }
  switch (error.code) {
    case 401:
      return [
        "The API server refuses the credentials of the kubeconfig.",
        "Configure the provider with a kubeconfig that has valid credentials.",
      ];
    case 403:
      return [
        `${name} is refused: ${error.message}`,
        "Give the permission to the kubeconfig's user, or correct the object.",
      ];
    case 404:
      return [`${name} cannot be written: ${error.message}.`, "Add what it needs to its `dependsOn`."];
    default:
      return [`${name} is refused: ${reasons(error, object)}`, "Correct the property, then run again."];
  }
}

function reasons(error: ApiError, object: ObjectName): string {
  const texts = error.causes.map((cause) => causeText(cause, object.kind === "Secret"));
  if (texts.length > 0) {
    return `${texts.join("; ")}.`;
  }
  return object.kind === "Secret"
    ? `the API server answered ${error.code} ${error.reason}.`
    : error.message.replace(/failed to create typed patch object \([^)]*\): \.?/, "");
}

function causeText(cause: Cause, hideValue: boolean): string {
  const message = hideValue ? cause.message.replace(/: .*/s, "") : cause.message;
  return cause.field === "" ? message : `${cause.field}: ${message}`;
}
