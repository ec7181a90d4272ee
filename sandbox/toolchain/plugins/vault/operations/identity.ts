import { OperatorError } from "../../../../../components/operator-error.ts";
import type { Properties } from "../../server/plugin.ts";
import { bodyOf, propertiesIn } from "../mapping.ts";
import type { Operations, Row } from "../table/row.ts";
import { updateBody } from "./object.ts";
import { textOf } from "./path.ts";

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

/**
 * An object of the identity store: made at `identity/KIND`, and from then on known by the id that Vault gave it.
 * Vault would take over an object of the same name; that is refused here.
 */
export function identityObject(kind: "group" | "group-alias" | "entity"): Operations {
  const place = (id: string) => `identity/${kind}/id/${id}`;
  return {
    async create({ vault, row }, desired) {
      const name = textOf(desired, "name");
      const exists = kind !== "group-alias" && (await vault.get(`identity/${kind}/name/${name}`)) !== undefined;
      const answer = exists
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
