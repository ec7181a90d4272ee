import { OperatorError } from "../../../../../components/operator-error.ts";
import type { Properties } from "../../server/plugin.ts";
import { bodyOf, propertiesIn } from "../mapping.ts";
import { VaultRefusal } from "../server/failure.ts";
import type { Vault } from "../server/vault.ts";
import type { Operations, Row } from "../table/row.ts";
import { updateBody } from "./object.ts";
import { textOf } from "./path.ts";

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

/** A token that may not look it up goes on without: Vault's answer still tells, only later. */
async function isTaken(vault: Vault, kind: Kind, name: string): Promise<boolean> {
  try {
    return kind !== "group-alias" && (await vault.get(`identity/${kind}/name/${name}`)) !== undefined;
  } catch (error) {
    if (error instanceof VaultRefusal && error.status === 403) {
      return false;
    }
    throw error;
  }
}

/**
 * An object of the identity store: made at `identity/KIND`, and from then on known by the id that Vault gave it.
 * Vault would take over an object of the same name; that is refused here.
 */
export function identityObject(kind: Kind): Operations {
  const place = (id: string) => `identity/${kind}/id/${id}`;
  return {
    async create({ vault, row }, desired) {
      const name = textOf(desired, "name");
      const answer = (await isTaken(vault, kind, name))
        ? undefined
        : await vault.post(`identity/${kind}`, bodyOf(ownPart(row, desired).properties, desired));
      const id = answer?.data?.id;
      if (typeof id !== "string") {
        throw new OperatorError({
          what: `there is already an identity ${kind} named ${name}`,
          where: `identity/${kind}/name/${name}`,
          remedy: "import it into the stack, delete it, or use another name",
        });
      }
      return { id };
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
