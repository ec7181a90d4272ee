import type { Properties, PropertyValue } from "../../server/values.ts";
import { bodyOf, isZero, propertiesIn, zeroOf } from "../schema/mapping.ts";
import type { ApiData } from "../server/vault.ts";
import type { Call, Operations, Row } from "../schema/row.ts";
import { filled, valuesIn } from "../schema/path.ts";

/** What is wanted, with zero values for what was set before and no longer is, so that the server forgets it. */
export function withClearing(row: Row, desired: Properties, before: Properties): Properties {
  const cleared: Record<string, PropertyValue> = {};
  for (const [name, property] of Object.entries(row.properties)) {
    const gone = desired[name] === undefined && !isZero(property, before[name]);
    if (gone && property.computed !== true && property.output !== true) {
      cleared[name] = zeroOf(property);
    }
  }
  return { ...desired, ...cleared };
}

/** What is written to an existing object: what is wanted; write-only values only with a new version. */
export function updateBody(row: Row, desired: Properties, before: Properties): ApiData {
  const kept = Object.entries(row.properties).filter(
    ([, { writtenWith, fixed }]) =>
      fixed !== true && (writtenWith === undefined || desired[writtenWith] !== before[writtenWith]),
  );
  return bodyOf(Object.fromEntries(kept), withClearing(row, desired, before));
}

interface ObjectTraits {
  /** Deleting the resource leaves the object as it is: the API has no delete for it. */
  readonly stays?: boolean;
  /** Folder of the API below which the object is, when that is no part of its id. */
  readonly below?: string;
}

/** An object that is written, read and deleted at one path, which is its id too. */
export function object(traits: ObjectTraits = {}): Operations {
  const at = (id: string) => (traits.below === undefined ? id : `${traits.below}/${id}`);
  return {
    async create({ vault, row }: Call, desired) {
      const id = filled(row.path, desired);
      await vault.post(at(id), bodyOf(row.properties, desired));
      return { id };
    },
    async read({ vault, row }, id) {
      const data = await vault.get(at(id));
      return data && { ...valuesIn(row.path, id), ...propertiesIn(row.properties, data) };
    },
    async update({ vault, row }, id, desired, before) {
      await vault.post(at(id), updateBody(row, desired, before));
    },
    async delete({ vault }, id) {
      if (traits.stays !== true) {
        await vault.delete(at(id));
      }
    },
  };
}
