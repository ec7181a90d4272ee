import type { Properties } from "../../server/values.ts";
import { jsonData, jsonText, textsOf } from "../schema/mapping.ts";
import { filled, textOf } from "../schema/path.ts";
import type { Call, Operations } from "../schema/row.ts";
import type { ApiValue, VaultAnswer } from "../server/vault.ts";

/** The fields of the answer to a write that the program selects by `writeFields`. */
function writtenFields(answer: VaultAnswer, desired: Properties): Properties {
  const fields = Array.isArray(desired.writeFields) ? desired.writeFields.map(String) : [];
  const selected: Record<string, ApiValue> = {};
  for (const field of fields) {
    const value = answer.data?.[field];
    if (value !== undefined) {
      selected[field] = value;
    }
  }
  return { writeData: textsOf(selected), writeDataJson: answer.data ? jsonText(selected) : "null" };
}

async function write({ vault }: Call, desired: Properties): Promise<Properties> {
  const answer = await vault.post(filled("{path}", desired), jsonData(textOf(desired, "dataJson")));
  return writtenFields(answer, desired);
}

/** An object at any path of Vault, for objects without a resource type, such as password policies. */
export const genericEndpoint: Operations = {
  async create(call, desired) {
    return { id: filled("{path}", desired), outputs: await write(call, desired) };
  },
  async read({ vault }, id, known) {
    if (known.disableRead === true) {
      return { path: id, dataJson: known.dataJson ?? "" };
    }
    const found = await vault.get(id);
    if (found === undefined) {
      return undefined;
    }
    const wanted = jsonData(textOf(known, "dataJson"));
    const relevant = Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, found[name] ?? value]));
    return { path: id, dataJson: jsonText(known.ignoreAbsentFields === true ? relevant : found) };
  },
  async update(call, _id, desired) {
    await write(call, desired);
  },
  async delete({ vault }, id, known) {
    if (known.disableDelete !== true) {
      await vault.delete(id);
    }
  },
};
