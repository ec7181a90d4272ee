import { isObject, type Properties } from "../../server/values.ts";
import type { Vault } from "../server/vault.ts";
import { bodyOf, propertiesIn, trimSlashes } from "../schema/mapping.ts";
import { objectOf, textOf } from "../schema/path.ts";
import type { PropertyTable } from "../schema/property.ts";
import type { Operations, Row } from "../schema/row.ts";
import { mountEntry, mountOrAccept, mountPath, move } from "./mount.ts";

function tuneProperties(row: Row): PropertyTable {
  return row.properties.tune?.properties ?? {};
}

async function tune(vault: Vault, row: Row, path: string, desired: Properties): Promise<void> {
  const body = bodyOf(tuneProperties(row), objectOf(desired, "tune"));
  await vault.post(`sys/auth/${path}/tune`, { ...body, description: textOf(desired, "description") });
}

/** An auth method, without its configuration. */
export const authMethod: Operations = {
  async create({ vault, row }, desired) {
    const path = trimSlashes(desired.path);
    const existed = await mountOrAccept(vault, "auth", path, {
      type: textOf(desired, "type"),
      description: textOf(desired, "description"),
      local: desired.local === true,
    });
    if (existed || isObject(desired.tune)) {
      await tune(vault, row, path, desired);
    }
    return { id: path };
  },
  async read({ vault, row }, id, known) {
    const path = mountPath(id, known);
    const entry = await mountEntry(vault, "auth", path);
    if (entry === undefined) {
      return undefined;
    }
    const tuned = isObject(known.tune) ? await vault.get(`sys/auth/${path}/tune`) : undefined;
    const found = { ...propertiesIn(row.properties, entry), path };
    return tuned === undefined ? found : { ...found, tune: propertiesIn(tuneProperties(row), tuned) };
  },
  async update({ vault, row }, id, desired, before) {
    await tune(vault, row, await move(vault, "auth", id, desired, before), desired);
  },
  async delete({ vault }, id, known) {
    await vault.delete(`sys/auth/${mountPath(id, known)}`);
  },
};
