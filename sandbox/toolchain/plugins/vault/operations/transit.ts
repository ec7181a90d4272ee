import { InitializationError } from "../../server/plugin.ts";
import type { Properties, PropertyValue } from "../../server/values.ts";
import { asText, bodyOf, isApiData, propertiesIn, textsOf } from "../schema/mapping.ts";
import type { ApiValue, Vault } from "../server/vault.ts";
import type { Property } from "../schema/property.ts";
import type { Operations, Row } from "../schema/row.ts";
import { filled, valuesIn } from "../schema/path.ts";

type PropertyTable = Readonly<Record<string, Property>>;

/** One entry per version: a time for symmetric keys, a description with the public key for the others. */
function keyVersions(keys: ApiValue | undefined): PropertyValue {
  const versions = isApiData(keys) ? Object.entries(keys) : [];
  return versions.map(([, version]) => (isApiData(version) ? textsOf(version) : { id: asText(version) }));
}

/** A key of a transit engine. `config` are the properties that can be changed later, at a path of their own. */
export function transitKey(config: PropertyTable): Operations {
  const fixed = (row: Row) => Object.fromEntries(Object.entries(row.properties).filter(([name]) => !(name in config)));
  const configure = (vault: Vault, id: string, desired: Properties) =>
    vault.post(`${id}/config`, bodyOf(config, desired));
  return {
    async create({ vault, row }, desired) {
      const id = filled(row.path, desired);
      const { autoRotatePeriod } = desired;
      const period = bodyOf(config, autoRotatePeriod === undefined ? {} : { autoRotatePeriod });
      await vault.post(id, { ...bodyOf(fixed(row), desired), ...period });
      try {
        await configure(vault, id, desired);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const made = { id, inputs: desired, outputs: desired, reasons: [reason] };
        throw new InitializationError(`the key ${id} is there but not configured`, made, { cause: error });
      }
      return { id };
    },
    async read({ vault, row }, id) {
      const data = await vault.get(id);
      const found = data && { ...valuesIn(row.path, id), ...propertiesIn(row.properties, data) };
      return found && { ...found, keys: keyVersions(data.keys) };
    },
    async update({ vault }, id, desired) {
      await configure(vault, id, desired);
    },
    async delete({ vault }, id) {
      await vault.delete(id);
    },
  };
}
