import { isObject, without, type Properties, type PropertyValue } from "../../server/values.ts";
import { bodyOf, isApiData, plain, propertiesIn, sameMeaning } from "../schema/mapping.ts";
import { filled, objectOf, valuesIn } from "../schema/path.ts";
import { text, type PropertyTable } from "../schema/property.ts";
import type { Operations, Row } from "../schema/row.ts";
import type { ApiData } from "../server/vault.ts";
import { object, withClearing } from "./object.ts";

/** Vault's plugin for the block `postgresql`, when the program does not set one. */
const defaultPlugin = "postgresql-database-plugin";

function blockProperties(row: Row): PropertyTable {
  return row.properties.postgresql?.properties ?? {};
}

/** Only a changed password is sent. After a rotation, only Vault knows the valid password. */
function newPasswords(desired: Properties, before: Properties): Properties {
  const now = objectOf(desired, "postgresql");
  const then = objectOf(before, "postgresql");
  const passwords: Record<string, PropertyValue | undefined> = {
    password: sameMeaning(text(), now.password, then.password) ? undefined : now.password,
    passwordWo: now.passwordWoVersion === then.passwordWoVersion ? undefined : now.passwordWo,
  };
  return Object.fromEntries(
    Object.entries(passwords).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function connectionBody(row: Row, desired: Properties, before: Properties): ApiData {
  const details = without(objectOf(desired, "postgresql"), "password", "passwordWo");
  const extra = Object.entries(objectOf(desired, "data")).map(([name, value]) => [name, plain(value)] as const);
  return {
    plugin_name: defaultPlugin,
    ...bodyOf(row.properties, withClearing(row, desired, before)),
    ...bodyOf(blockProperties(row), { ...details, ...newPasswords(desired, before) }),
    ...Object.fromEntries(extra),
  };
}

/** The connection of a database engine to a PostgreSQL server. */
export const databaseConnection: Operations = {
  ...object(),
  async create({ vault, row }, desired) {
    const id = filled(row.path, desired);
    await vault.post(id, connectionBody(row, desired, {}));
    return { id };
  },
  async read({ vault, row }, id, known) {
    const data = await vault.get(id);
    if (data === undefined) {
      return undefined;
    }
    const details = isApiData(data.connection_details) ? data.connection_details : {};
    const found = { ...valuesIn(row.path, id), ...propertiesIn(row.properties, data) };
    return isObject(known.postgresql) ? { ...found, postgresql: propertiesIn(blockProperties(row), details) } : found;
  },
  async update({ vault, row }, id, desired, before) {
    await vault.post(id, connectionBody(row, desired, before));
  },
};
