import { InitializationError } from "../../server/plugin.ts";
import { isObject, type Properties } from "../../server/values.ts";
import { bodyOf, isApiData, propertiesIn, trimSlashes } from "../schema/mapping.ts";
import type { ApiData, ApiValue, Vault } from "../server/vault.ts";
import type { Property } from "../schema/property.ts";
import type { Operations, Row } from "../schema/row.ts";
import { isMountedAlready, mountEntry, mountPath, remount } from "./mount.ts";
import { withClearing } from "./object.ts";
import { objectOf, textOf } from "../schema/path.ts";

type PropertyTable = Readonly<Record<string, Property>>;

function tuneProperties(row: Row): PropertyTable {
  return row.properties.tune?.properties ?? {};
}

/** @returns whether it was enabled already */
async function enable(vault: Vault, path: string, desired: Properties): Promise<boolean> {
  const { type, description, local } = desired;
  return isMountedAlready(vault, "auth", path, {
    type: typeof type === "string" ? type : "",
    description: typeof description === "string" ? description : "",
    local: local === true,
  });
}

async function tune(vault: Vault, row: Row, path: string, desired: Properties): Promise<void> {
  const body = bodyOf(tuneProperties(row), objectOf(desired, "tune"));
  await vault.post(`sys/auth/${path}/tune`, { ...body, description: textOf(desired, "description") });
}

async function readMethod(vault: Vault, row: Row, path: string, known: Properties): Promise<Properties | undefined> {
  const entry = await mountEntry(vault, "auth", path);
  if (entry === undefined) {
    return undefined;
  }
  const tuned = isObject(known.tune) ? await vault.get(`sys/auth/${path}/tune`) : undefined;
  const { type, description, accessor, local } = row.properties;
  const named = Object.entries({ type, description, accessor, local });
  const properties = Object.fromEntries(named.flatMap(([name, each]) => (each === undefined ? [] : [[name, each]])));
  const found = propertiesIn(properties, { ...entry });
  return { path, ...found, ...(tuned === undefined ? {} : { tune: propertiesIn(tuneProperties(row), tuned) }) };
}

async function move(vault: Vault, id: string, desired: Properties, before: Properties): Promise<string> {
  const path = trimSlashes(desired.path);
  const from = mountPath(id, before);
  if (path !== from) {
    await remount(vault, "auth", from, path);
  }
  return path;
}

/** An auth method without a configuration of its own. */
export const authMethod: Operations = {
  async create({ vault, row }, desired) {
    const path = trimSlashes(desired.path);
    const isThere = await enable(vault, path, desired);
    if (isThere || isObject(desired.tune)) {
      await tune(vault, row, path, desired);
    }
    return { id: path };
  },
  read: ({ vault, row }, id, known) => readMethod(vault, row, mountPath(id, known), known),
  async update({ vault, row }, id, desired, before) {
    await tune(vault, row, await move(vault, id, desired, before), desired);
  },
  async delete({ vault }, id, known) {
    await vault.delete(`sys/auth/${mountPath(id, known)}`);
  },
};

const flagSettings = new Set(["fetch_groups", "fetch_user_info"]);
const numberSettings = new Set(["groups_recurse_max_depth"]);

/** All settings of an OIDC provider are texts in the program; the API wants some as flags and numbers. */
function typedProviderConfig(config: ApiData): ApiData {
  const typed = ([name, value]: readonly [string, ApiValue]): readonly [string, ApiValue] => {
    if (flagSettings.has(name)) {
      return [name, value === "true"];
    }
    return numberSettings.has(name) ? [name, Number(value)] : [name, value];
  };
  return Object.fromEntries(Object.entries(config).map(typed));
}

function configBody(config: PropertyTable, values: Properties): ApiData {
  const body = bodyOf(config, values);
  return isApiData(body.provider_config)
    ? { ...body, provider_config: typedProviderConfig(body.provider_config) }
    : body;
}

/** An auth method with a configuration at `auth/PATH/config`, as JWT and OIDC have. */
export function configuredAuthMethod(config: PropertyTable): Operations {
  return {
    ...authMethod,
    async create(call, desired) {
      const created = await authMethod.create(call, desired);
      try {
        await call.vault.post(`auth/${created.id}/config`, configBody(config, desired));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const made = { id: created.id, inputs: desired, outputs: desired, reasons: [reason] };
        throw new InitializationError(`auth method ${created.id} is there but not configured`, made, { cause: error });
      }
      return created;
    },
    async read({ vault, row }, id, known): Promise<Properties | undefined> {
      const path = mountPath(id, known);
      const [method, data] = [await readMethod(vault, row, path, known), await vault.get(`auth/${path}/config`)];
      if (method === undefined || data === undefined) {
        return method;
      }
      return { ...method, ...propertiesIn(config, data) };
    },
    async update(call, id, desired, before) {
      await authMethod.update(call, id, desired, before);
      const values = withClearing(call.row, desired, before);
      await call.vault.post(`auth/${trimSlashes(desired.path)}/config`, configBody(config, values));
    },
  };
}
