import { isObject, type Properties, type PropertyValue } from "../../server/values.ts";
import { isZero, sameMeaning } from "./mapping.ts";
import type { Property } from "./property.ts";
import type { Row } from "./row.ts";

/** The block as the server has it, with the values that the API never returns taken from the program. */
function blockOutput(property: Property, found: PropertyValue | undefined, wanted: PropertyValue | undefined) {
  if (!isObject(found) || !isObject(wanted)) {
    return found ?? wanted;
  }
  const inner = Object.entries(property.properties ?? {}).flatMap(([name, each]) => {
    const value = outputOf(each, found[name], wanted[name], undefined);
    return name in wanted && value !== undefined ? [[name, value] as const] : [];
  });
  return Object.fromEntries(inner);
}

function outputOf(
  property: Property,
  found: PropertyValue | undefined,
  wanted: PropertyValue | undefined,
  known: PropertyValue | undefined,
): PropertyValue | undefined {
  if (property.writtenWith !== undefined) {
    return undefined;
  }
  if (property.output === true) {
    return found ?? known;
  }
  if (property.unread === true) {
    return wanted ?? (property.computed === true ? known : undefined);
  }
  // The program's own spelling stays as long as it means what the server says.
  if (wanted !== undefined && sameMeaning(property, wanted, found)) {
    return property.kind === "block" ? blockOutput(property, found, wanted) : wanted;
  }
  return property.kind === "block" ? blockOutput(property, found, wanted) : found;
}

/**
 * The outputs of an object: what the server says, what it told once, and what only the program knows.
 *
 * @param found what the server says now
 * @param wanted the inputs
 * @param known what was known before: values that the server told once
 */
export function outputsOf(row: Row, found: Properties, wanted: Properties, known: Properties): Properties {
  const outputs: Record<string, PropertyValue> = {};
  for (const [name, property] of Object.entries(row.properties)) {
    const value = outputOf(property, found[name], wanted[name], known[name]);
    const worthTelling = wanted[name] !== undefined || property.computed === true || property.output === true;
    if (value !== undefined && (worthTelling || !isZero(property, value))) {
      outputs[name] = value;
    }
  }
  return outputs;
}

/** The inputs as the server has them: a change made by hand shows in them, as it does with the vendor's plugin. */
export function refreshedInputs(row: Row, inputs: Properties, outputs: Properties): Properties {
  const entries = Object.entries(inputs).map(([name, value]) => {
    const property = row.properties[name];
    const comparable = property !== undefined && property.unread !== true && property.writtenWith === undefined;
    if (!comparable || sameMeaning(property, value, outputs[name])) {
      return [name, value] as const;
    }
    return [name, outputs[name]] as const;
  });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/** The inputs of an object that is imported: all that the program would have to say. */
export function importedInputs(row: Row, outputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(outputs).filter(([name, value]) => {
      const property = row.properties[name];
      const isDefault = property?.default !== undefined && sameMeaning(property, value, property.default);
      return (
        property !== undefined &&
        property.output !== true &&
        (property.required === true || (!isZero(property, value) && !isDefault))
      );
    }),
  );
}
