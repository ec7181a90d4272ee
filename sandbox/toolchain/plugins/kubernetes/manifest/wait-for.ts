import { at, listAt, textAt, type Json, type JsonObject, type Step } from "./json.ts";

/** One condition of the annotation `pulumi.com/waitFor`, in the notation of `kubectl wait --for`. */
interface Expectation {
  readonly text: string;
  holds(object: JsonObject): boolean;
}

/**
 * Reads `condition=Ready`, `condition=Ready=False`, `jsonpath={.status.phase}=Running`, or a JSON list of them.
 *
 * @throws Error that explains what is wrong with the text
 */
export function expectations(annotation: string): Expectation[] {
  const texts = annotation.trim().startsWith("[") ? jsonList(annotation) : [annotation.trim()];
  return texts.map(expectation);
}

/** The texts of the expectations that the object does not meet. */
export function unmet(all: readonly Expectation[], object: JsonObject): string[] {
  return all.filter((each) => !each.holds(object)).map((each) => each.text);
}

function jsonList(annotation: string): string[] {
  const parsed: unknown = JSON.parse(annotation);
  if (!Array.isArray(parsed) || !parsed.every((item): item is string => typeof item === "string")) {
    throw new Error("it must be one condition or a JSON list of conditions");
  }
  return parsed;
}

function expectation(text: string): Expectation {
  const byCondition = /^condition=([^=]+)(?:=(.+))?$/.exec(text);
  if (byCondition) {
    const [, type = "", status = "True"] = byCondition;
    return { text, holds: (object) => hasCondition(object, type, status) };
  }
  const byPath = /^jsonpath=\{?\.?([^}=]+)\}?(?:=(.*))?$/.exec(text);
  if (byPath) {
    const [, path = "", wanted] = byPath;
    const steps = jsonPathSteps(path);
    return { text, holds: (object) => matches(at(object, ...steps), wanted) };
  }
  throw new Error(`"${text}" is not valid; write condition=Type[=Status] or jsonpath={.path}[=value]`);
}

function hasCondition(object: JsonObject, type: string, status: string): boolean {
  const found = listAt(object, "status", "conditions").find(
    (each) => textAt(each, "type")?.toLowerCase() === type.toLowerCase(),
  );
  return textAt(found, "status")?.toLowerCase() === status.toLowerCase();
}

function matches(found: Json | undefined, wanted: string | undefined): boolean {
  if (found === undefined || found === null) {
    return false;
  }
  if (wanted === undefined) {
    return true;
  }
  return (typeof found === "object" ? JSON.stringify(found) : String(found)) === wanted.replace(/^"(.*)"$/, "$1");
}

/** Reads the members and indexes of a JSONPath. @throws Error for any other part of JSONPath */
function jsonPathSteps(path: string): Step[] {
  if (/[*?@]|\.\./.test(path)) {
    throw new Error(`the path "${path}" is not supported: only members and indexes are`);
  }
  const pieces = path.matchAll(/\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]|((?:\\\.|[^.[\]])+)/g);
  return [...pieces].map(([, single, double, index, plain]) =>
    index === undefined ? (single ?? double ?? plain ?? "").replaceAll("\\.", ".") : Number(index),
  );
}
