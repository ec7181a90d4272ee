import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import type { Properties } from "../../server/values.ts";
import { difference } from "../schema/diff.ts";
import { bodyOf, isApiData, propertiesIn } from "../schema/mapping.ts";
import { textOf } from "../schema/path.ts";
import type { Operations, Row } from "../schema/row.ts";
import { VaultRefusal } from "../server/failure.ts";
import type { ApiData, Vault } from "../server/vault.ts";
import { updateBody } from "./object.ts";

type Kind = "group" | "group-alias";

/** Flags for properties that another program manages. Such a property is neither written nor compared. */
const managedElsewhere: Readonly<Record<string, string>> = {
  externalPolicies: "policies",
  externalMemberEntityIds: "memberEntityIds",
  externalMemberGroupIds: "memberGroupIds",
};

function withoutExternal(row: Row, values: Properties): Row {
  const external = Object.entries(managedElsewhere).flatMap(([flag, name]) => (values[flag] === true ? [name] : []));
  // Vault sets the members of an external group at every login.
  const members = values.type === "external" ? ["memberEntityIds", "memberGroupIds"] : [];
  const names = [...external, ...members];
  return {
    ...row,
    properties: Object.fromEntries(Object.entries(row.properties).filter(([name]) => !names.includes(name))),
  };
}

/** Reads an alias from its group, because Vault cannot read an alias by its name. */
async function aliasOfGroup(vault: Vault, desired: Properties): Promise<ApiData | undefined> {
  const alias = (await vault.get(`identity/group/id/${textOf(desired, "canonicalId")}`))?.alias;
  return isApiData(alias) && alias.name === desired.name ? alias : undefined;
}

/**
 * The existing object with the same name. Undefined when the token may not read it: then only the answer to the
 * creation shows that the object exists.
 */
async function existingObject(vault: Vault, kind: Kind, desired: Properties): Promise<ApiData | undefined> {
  try {
    return kind === "group-alias"
      ? await aliasOfGroup(vault, desired)
      : await vault.get(`identity/${kind}/name/${textOf(desired, "name")}`);
  } catch (error) {
    if (error instanceof VaultRefusal && error.status === 403) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Whether an object is exactly as wanted. Then an earlier run created it and was killed before the engine recorded it.
 */
function isAsWanted(row: Row, wanted: Properties, data: ApiData): boolean {
  const found = propertiesIn(row.properties, data);
  return !difference(row, { wanted, wantedBefore: wanted, found }, []).changes;
}

function alreadyExists(kind: Kind, name: string): OperatorError {
  return new OperatorError({
    what: `an identity ${kind} named ${name} already exists`,
    where: `identity/${kind}/name/${name}`,
    remedy: "import it into the stack, delete it, or use another name",
  });
}

/**
 * An object of the identity store. It is created at `identity/KIND` and then found by the id that Vault gives it. Vault
 * would overwrite an object of the same name. This plugin refuses to do so.
 */
export function identityObject(kind: Kind): Operations {
  const pathOf = (id: string) => `identity/${kind}/id/${id}`;
  return {
    async create({ vault, row }, desired) {
      const own = withoutExternal(row, desired);
      const found = await existingObject(vault, kind, desired);
      if (found !== undefined && !isAsWanted(own, desired, found)) {
        throw alreadyExists(kind, textOf(desired, "name"));
      }
      const data = found ?? (await vault.post(`identity/${kind}`, bodyOf(own.properties, desired))).data;
      if (typeof data?.id !== "string") {
        // Vault answers without data when the name exists.
        throw alreadyExists(kind, textOf(desired, "name"));
      }
      return { id: data.id };
    },
    async read({ vault, row }, id, known) {
      const data = await vault.get(pathOf(id));
      return data && propertiesIn(withoutExternal(row, known).properties, data);
    },
    async update({ vault, row }, id, desired, before) {
      await vault.post(pathOf(id), updateBody(withoutExternal(row, desired), desired, before));
    },
    async delete({ vault }, id) {
      await vault.delete(pathOf(id));
    },
  };
}
