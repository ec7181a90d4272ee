import type { Properties, PropertyValue } from "../../server/values.ts";
import type { ApiData } from "../server/vault.ts";
import { bodyOf, isZero, propertiesIn, zeroOf } from "../schema/mapping.ts";
import { filled, valuesIn } from "../schema/path.ts";
import type { Operations, Row } from "../schema/row.ts";

/** The desired properties, with a zero value for each property that is no longer set, so that the server clears it. */
export function withClearing(row: Row, desired: Properties, before: Properties): Properties {
  const cleared: Record<string, PropertyValue> = {};
  for (const [name, property] of Object.entries(row.properties)) {
    const isGone = desired[name] === undefined && !isZero(property, before[name]);
    if (isGone && property.computed !== true && property.output !== true) {
      cleared[name] = zeroOf(property);
    }
  }
  return { ...desired, ...cleared };
}

/** The body that updates an object. It contains a write-only value only when the value's version changed. */
export function updateBody(row: Row, desired: Properties, before: Properties): ApiData {
  const written = Object.entries(row.properties).filter(
    ([, { writtenWith }]) => writtenWith === undefined || desired[writtenWith] !== before[writtenWith],
  );
  return bodyOf(Object.fromEntries(written), withClearing(row, desired, before));
}

/**
 * Operations on an object that has one path. The path is also its id.
 *
 * @param parent - path of the API before the id, when it is not part of the id
 */
export function object(parent?: string): Operations {
  const pathOf = (id: string) => (parent === undefined ? id : `${parent}/${id}`);
  return {
    async create({ vault, row }, desired) {
      const id = filled(row.path, desired);
      await vault.post(pathOf(id), bodyOf(row.properties, desired));
      return { id };
    },
    async read({ vault, row }, id) {
      const data = await vault.get(pathOf(id));
      return data && { ...valuesIn(row.path, id), ...propertiesIn(row.properties, data) };
    },
    async update({ vault, row }, id, desired, before) {
      await vault.post(pathOf(id), updateBody(row, desired, before));
    },
    async delete({ vault }, id) {
      await vault.delete(pathOf(id));
    },
  };
}
