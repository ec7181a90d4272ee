import { InitializationError } from "../../server/plugin.ts";
import type { Properties, PropertyValue } from "../../server/values.ts";
import { asText, bodyOf, isApiData, propertiesIn, textsOf } from "../schema/mapping.ts";
import { filled, valuesIn } from "../schema/path.ts";
import { except, type PropertyTable } from "../schema/property.ts";
import type { Operations } from "../schema/row.ts";
import type { ApiValue, Vault } from "../server/vault.ts";

/** One entry per version: the creation time of a symmetric key, or a map with the public key of any other key. */
function keyVersions(keys: ApiValue | undefined): PropertyValue {
  const versions = isApiData(keys) ? Object.values(keys) : [];
  return versions.map((version) => (isApiData(version) ? textsOf(version) : { id: asText(version) }));
}

/**
 * A key of a transit engine.
 *
 * @param config - the properties that can be changed later, at the path `config` of the key
 */
export function transitKey(config: PropertyTable): Operations {
  const configure = (vault: Vault, id: string, desired: Properties) =>
    vault.post(`${id}/config`, bodyOf(config, desired));
  return {
    async create({ vault, row }, desired) {
      const id = filled(row.path, desired);
      const { autoRotatePeriod } = desired;
      const period = bodyOf(config, autoRotatePeriod === undefined ? {} : { autoRotatePeriod });
      await vault.post(id, { ...bodyOf(except(row.properties, config), desired), ...period });
      try {
        await configure(vault, id, desired);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const resource = { id, inputs: desired, outputs: desired, reasons: [reason] };
        throw new InitializationError(`the key ${id} exists but is not configured`, resource, { cause: error });
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
