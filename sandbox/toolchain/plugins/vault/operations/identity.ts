import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import type { Properties } from "../../server/values.ts";
import { difference } from "../schema/diff.ts";
import { bodyOf, isApiData, propertiesIn } from "../schema/mapping.ts";
import { VaultRefusal } from "../server/failure.ts";
import type { ApiData, Vault } from "../server/vault.ts";
import type { Operations, Row } from "../schema/row.ts";
import { updateBody } from "./object.ts";
import { textOf } from "../schema/path.ts";

type Kind = "group" | "group-alias" | "entity";

/** What others manage (`external…`) is neither written nor held against the program. */
const managedElsewhere: Readonly<Record<string, string>> = {
  externalPolicies: "policies",
  externalMemberEntityIds: "memberEntityIds",
  externalMemberGroupIds: "memberGroupIds",
};

function ownPart(row: Row, values: Properties): Row {
  const foreign = Object.entries(managedElsewhere).flatMap(([flag, name]) => (values[flag] === true ? [name] : []));
  // Vault fills an external group at every sign-in.
  const members = values.type === "external" ? ["memberEntityIds", "memberGroupIds"] : [];
  const left = new Set([...foreign, ...members]);
  return { ...row, properties: Object.fromEntries(Object.entries(row.properties).filter(([name]) => !left.has(name))) };
}

/** The alias of a group is known by the group, and by no path of its own name. */
async function aliasOfGroup(vault: Vault, desired: Properties): Promise<ApiData | undefined> {
  const alias = (await vault.get(`identity/group/id/${textOf(desired, "canonicalId")}`))?.alias;
  return isApiData(alias) && alias.name === desired.name ? alias : undefined;
}

/** What has the name already. A token that may not look goes on without: Vault's answer still tells, only later. */
async function namesake(vault: Vault, kind: Kind, desired: Properties): Promise<ApiData | undefined> {
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

/** Whether an object is just what is wanted: an engine that was killed made it, and had not noted it yet. */
function isAsWanted(row: Row, wanted: Properties, data: ApiData): boolean {
  const found = propertiesIn(row.properties, data);
  return !difference(row, { wanted, wantedBefore: wanted, found }, []).changes;
}

/**
 * An object of the identity store: made at `identity/KIND`, and from then on known by the id that Vault gave it.
 * Vault would take over an object of the same name; that is refused here.
 */
export function identityObject(kind: Kind): Operations {
  const place = (id: string) => `identity/${kind}/id/${id}`;
  return {
    async create({ vault, row }, desired) {
      const own = ownPart(row, desired);
      const found = await namesake(vault, kind, desired);
      const told =
        found === undefined
          ? (await vault.post(`identity/${kind}`, bodyOf(own.properties, desired))).data
          : isAsWanted(own, desired, found)
            ? found
            : undefined;
      if (typeof told?.id !== "string") {
        const name = textOf(desired, "name");
        throw new OperatorError({
          what: `there is already an identity ${kind} named ${name}`,
          where: `identity/${kind}/name/${name}`,
          remedy: "import it into the stack, delete it, or use another name",
        });
      }
      return { id: told.id };
    },
    async read({ vault, row }, id, known) {
      const data = await vault.get(place(id));
      return data && propertiesIn(ownPart(row, known).properties, data);
    },
    async update({ vault, row }, id, desired, before) {
      await vault.post(place(id), updateBody(ownPart(row, desired), desired, before));
    },
    async delete({ vault }, id) {
      await vault.delete(place(id));
    },
  };
}
