import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { until } from "../../../../builds/until.ts";
import { isObject, type Properties } from "../../server/values.ts";
import { bodyOf, isApiData, propertiesIn, trimSlashes } from "../schema/mapping.ts";
import type { ApiData, ApiValue, Vault } from "../server/vault.ts";
import { VaultRefusal } from "../server/failure.ts";
import type { Property } from "../schema/property.ts";
import type { Operations, Row } from "../schema/row.ts";
import { withClearing } from "./object.ts";
import { objectOf, textOf, without } from "../schema/path.ts";

type PropertyTable = Readonly<Record<string, Property>>;

/** Secret engines are mounted below the root, auth methods below `auth/`. */
export type MountKind = "mounts" | "auth";

const pollMilliseconds = 200;

/** Where the mount is now: a moved mount keeps the id that it was made with. */
export function mountPath(id: string, known: Properties): string {
  return trimSlashes(textOf(known, "path") || id);
}

/** One entry of the table of mounts, or undefined when nothing is mounted there. */
export async function mountEntry(vault: Vault, kind: MountKind, path: string): Promise<ApiData | undefined> {
  const entry = (await vault.get(`sys/${kind}`))?.[`${path}/`];
  return isApiData(entry) ? entry : undefined;
}

/**
 * Mounts something, or finds that a mount of the same type is there: an engine that was killed after the mount and before
 * it had noted it does it again.
 *
 * @returns whether it was there
 * @throws VaultRefusal also when something of another type is there
 */
export async function isMountedAlready(
  vault: Vault,
  kind: MountKind,
  path: string,
  body: Readonly<Record<string, ApiValue>>,
): Promise<boolean> {
  try {
    await vault.post(`sys/${kind}/${path}`, body);
    return false;
  } catch (error) {
    if (!(error instanceof VaultRefusal && /path is already in use/.test(error.reasons.join()))) {
      throw error;
    }
    const type = body.type === "kv-v2" ? "kv" : body.type;
    if ((await mountEntry(vault, kind, path))?.type !== type) {
      throw error;
    }
    return true;
  }
}

/** Lease times are texts such as `3600s` in the configuration of a mount. */
export function mountConfig(properties: PropertyTable, values: Properties): Record<string, ApiValue> {
  const body = bodyOf(properties, values);
  const asText = ([field, value]: readonly [string, ApiValue]) =>
    [field, field.endsWith("_lease_ttl") && typeof value === "number" ? `${value}s` : value] as const;
  return Object.fromEntries(Object.entries(body).map(asText));
}

/** Moves a mount with all that is in it, and waits for the end. */
export async function remount(vault: Vault, kind: MountKind, from: string, to: string): Promise<void> {
  const prefix = kind === "auth" ? "auth/" : "";
  const answer = await vault.post("sys/remount", { from: `${prefix}${from}`, to: `${prefix}${to}` }, { once: true });
  const migration = answer.data?.migration_id;
  if (typeof migration !== "string") {
    return;
  }
  const where = `sys/remount/status/${migration}`;
  const hasMoved = async (): Promise<boolean> => {
    const info = (await vault.get(where))?.migration_info;
    const status = isApiData(info) && typeof info.status === "string" ? info.status : "success";
    if (status === "failure") {
      const what = `Vault could not move the mount ${from} to ${to}`;
      throw new OperatorError({ what, where, remedy: "look into Vault's log for the cause" });
    }
    return status === "success";
  };
  await until(hasMoved, { pause: pollMilliseconds });
}

/** `kv-v2` is another name for `kv` with the option version 2, and Vault answers with the latter. */
function asDeclared(found: Properties, known: Properties): Properties {
  const isAlias = known.type === "kv-v2" && found.type === "kv" && objectOf(found, "options").version === "2";
  if (!isAlias) {
    return found;
  }
  const options =
    objectOf(known, "options").version === undefined ? without(objectOf(found, "options"), "version") : found.options;
  return { ...found, type: "kv-v2", options: options ?? {} };
}

/** What of a mount can be changed beside its configuration. */
function tunable({ description, options }: Properties): Properties {
  return { description: description ?? "", ...(isObject(options) ? { options } : {}) };
}

/** A secret engine. `config` are the properties that can be tuned. */
export function secretEngine(config: PropertyTable): Operations {
  const rest = (row: Row) => Object.fromEntries(Object.entries(row.properties).filter(([name]) => !(name in config)));
  return {
    async create({ vault, row }, desired) {
      const path = trimSlashes(desired.path);
      const [body, tuned] = [bodyOf(rest(row), desired), mountConfig(config, desired)];
      if (await isMountedAlready(vault, "mounts", path, { ...body, config: tuned })) {
        await vault.post(`sys/mounts/${path}/tune`, { ...tuned, ...bodyOf(rest(row), tunable(desired)) });
      }
      return { id: path };
    },
    async read({ vault, row }, id, known) {
      const path = mountPath(id, known);
      const entry = await mountEntry(vault, "mounts", path);
      if (entry === undefined) {
        return undefined;
      }
      const tuned = isApiData(entry.config) ? propertiesIn(config, entry.config) : {};
      return asDeclared({ path, ...propertiesIn(rest(row), entry), ...tuned }, known);
    },
    async update({ vault, row }, id, desired, before) {
      const path = trimSlashes(desired.path);
      const from = mountPath(id, before);
      if (path !== from) {
        await remount(vault, "mounts", from, path);
      }
      const { options, description, ...tuned } = withClearing(row, desired, before);
      const body = { ...mountConfig(config, tuned), ...bodyOf(rest(row), { description: description ?? "" }) };
      const changed = isObject(options) ? bodyOf(rest(row), { options }) : {};
      await vault.post(`sys/mounts/${path}/tune`, { ...body, ...changed });
    },
    async delete({ vault }, id, known) {
      await vault.delete(`sys/mounts/${mountPath(id, known)}`);
    },
  };
}

/** An audit device; nothing of it can be changed. */
export const auditDevice: Operations = {
  async create({ vault, row }, desired) {
    const path = trimSlashes(desired.path);
    await vault.post(`sys/audit/${path}`, bodyOf(row.properties, desired));
    return { id: path };
  },
  async read({ vault, row }, id) {
    const entry = (await vault.get("sys/audit"))?.[`${trimSlashes(id)}/`];
    return isApiData(entry) ? { path: trimSlashes(id), ...propertiesIn(row.properties, entry) } : undefined;
  },
  update: () => Promise.reject(new Error("an audit device is replaced, never updated")),
  async delete({ vault }, id) {
    await vault.delete(`sys/audit/${trimSlashes(id)}`);
  },
};
