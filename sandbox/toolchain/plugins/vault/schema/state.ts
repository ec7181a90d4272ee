import { isObject, type Properties, type PropertyValue } from "../../server/values.ts";
import { isZero, sameMeaning } from "./mapping.ts";
import type { Property } from "./property.ts";
import type { Row } from "./row.ts";

/** A block of the server. Values that the API never returns come from the program. */
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
  if (property.kind === "block") {
    return blockOutput(property, found, wanted);
  }
  // The program's notation is kept when it means the same as the server's value.
  return wanted !== undefined && sameMeaning(property, wanted, found) ? wanted : found;
}

/**
 * The outputs of an object.
 *
 * @param found - the properties on the server
 * @param wanted - the inputs
 * @param known - the last state, for values that the server returns only once
 */
export function outputsOf(row: Row, found: Properties, wanted: Properties, known: Properties): Properties {
  const outputs: Record<string, PropertyValue> = {};
  for (const [name, property] of Object.entries(row.properties)) {
    const value = outputOf(property, found[name], wanted[name], known[name]);
    const isAlwaysKept = wanted[name] !== undefined || property.computed === true || property.output === true;
    if (value !== undefined && (isAlwaysKept || !isZero(property, value))) {
      outputs[name] = value;
    }
  }
  return outputs;
}

/** The inputs with the server's values, so that they show a change by hand. The vendor's plugin does the same. */
export function refreshedInputs(row: Row, inputs: Properties, outputs: Properties): Properties {
  const entries = Object.entries(inputs).map(([name, value]) => {
    const property = row.properties[name];
    const comparable = property !== undefined && property.unread !== true && property.writtenWith === undefined;
    const isUnchanged = !comparable || sameMeaning(property, value, outputs[name]);
    return [name, isUnchanged ? value : outputs[name]] as const;
  });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/** The inputs of an imported object: the properties that a program for it must set. */
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
