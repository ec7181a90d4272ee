import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { until } from "../../../../builds/until.ts";
import { isObject, without, type Properties } from "../../server/values.ts";
import { VaultRefusal } from "../server/failure.ts";
import type { ApiData, ApiValue, Vault } from "../server/vault.ts";
import { bodyOf, isApiData, propertiesIn, trimSlashes } from "../schema/mapping.ts";
import { objectOf, textOf } from "../schema/path.ts";
import { except, type PropertyTable } from "../schema/property.ts";
import type { Operations } from "../schema/row.ts";
import { withClearing } from "./object.ts";

/** Secret engines are mounted below the root, auth methods below `auth/`. */
export type MountKind = "mounts" | "auth";

const pollMilliseconds = 200;

/** The current path of a mount. A moved mount keeps its first path as its id. */
export function mountPath(id: string, known: Properties): string {
  return trimSlashes(textOf(known, "path") || id);
}

/** The entry of a path in the list of mounts; undefined when nothing is mounted there. */
export async function mountEntry(vault: Vault, kind: MountKind, path: string): Promise<ApiData | undefined> {
  const entry = (await vault.get(`sys/${kind}`))?.[`${path}/`];
  return isApiData(entry) ? entry : undefined;
}

/**
 * Mounts an engine or auth method. Accepts an existing mount of the same type: an earlier run was killed after the
 * mount and before the engine recorded it.
 *
 * @returns whether it already existed
 * @throws VaultRefusal when Vault refuses, for example because a mount of another type exists
 */
export async function mountOrAccept(
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

/** In the configuration of a mount, lease times are strings such as `3600s`. */
function mountConfig(properties: PropertyTable, values: Properties): Record<string, ApiValue> {
  const body = bodyOf(properties, values);
  const asText = ([field, value]: readonly [string, ApiValue]) =>
    [field, field.endsWith("_lease_ttl") && typeof value === "number" ? `${value}s` : value] as const;
  return Object.fromEntries(Object.entries(body).map(asText));
}

/**
 * Moves a mount with its content to the desired path and waits until it is there.
 *
 * @returns the desired path
 */
export async function move(
  vault: Vault,
  kind: MountKind,
  id: string,
  desired: Properties,
  before: Properties,
): Promise<string> {
  const [from, to] = [mountPath(id, before), trimSlashes(desired.path)];
  if (from === to) {
    return to;
  }
  const prefix = kind === "auth" ? "auth/" : "";
  const answer = await vault.post("sys/remount", { from: `${prefix}${from}`, to: `${prefix}${to}` }, { once: true });
  const migration = answer.data?.migration_id;
  if (typeof migration === "string") {
    const isMoved = () => migrationSucceeded(vault, migration, `Vault could not move the mount ${from} to ${to}`);
    await until(isMoved, { pause: pollMilliseconds });
  }
  return to;
}

async function migrationSucceeded(vault: Vault, migration: string, failure: string): Promise<boolean> {
  const where = `sys/remount/status/${migration}`;
  const info = (await vault.get(where))?.migration_info;
  const status = isApiData(info) && typeof info.status === "string" ? info.status : "success";
  if (status === "failure") {
    throw new OperatorError({ what: failure, where, remedy: "read the cause in Vault's log" });
  }
  return status === "success";
}

/** `kv-v2` means `kv` with the option version 2. Vault's answer has the second form; this restores the first. */
function asDeclared(found: Properties, known: Properties): Properties {
  const options = objectOf(found, "options");
  if (known.type !== "kv-v2" || found.type !== "kv" || options.version !== "2") {
    return found;
  }
  const isVersionDeclared = objectOf(known, "options").version !== undefined;
  return { ...found, type: "kv-v2", options: isVersionDeclared ? options : without(options, "version") };
}

/** The properties of a mount that can be changed, besides its configuration. */
function tunable({ description, options }: Properties): Properties {
  return { description: description ?? "", ...(isObject(options) ? { options } : {}) };
}

/** A secret engine. @param config - the properties that Vault's `tune` can change */
export function secretEngine(config: PropertyTable): Operations {
  return {
    async create({ vault, row }, desired) {
      const path = trimSlashes(desired.path);
      const rest = except(row.properties, config);
      const [body, tuned] = [bodyOf(rest, desired), mountConfig(config, desired)];
      if (await mountOrAccept(vault, "mounts", path, { ...body, config: tuned })) {
        await vault.post(`sys/mounts/${path}/tune`, { ...tuned, ...bodyOf(rest, tunable(desired)) });
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
      return asDeclared({ path, ...propertiesIn(except(row.properties, config), entry), ...tuned }, known);
    },
    async update({ vault, row }, id, desired, before) {
      const path = await move(vault, "mounts", id, desired, before);
      const values = withClearing(row, desired, before);
      const body = bodyOf(except(row.properties, config), tunable(values));
      await vault.post(`sys/mounts/${path}/tune`, { ...mountConfig(config, values), ...body });
    },
    async delete({ vault }, id, known) {
      await vault.delete(`sys/mounts/${mountPath(id, known)}`);
    },
  };
}
