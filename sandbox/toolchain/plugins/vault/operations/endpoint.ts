import type { Properties } from "../../server/values.ts";
import { jsonText, textsOf } from "../schema/mapping.ts";
import type { ApiValue, VaultAnswer } from "../server/vault.ts";
import type { Call, Operations } from "../schema/row.ts";
import { jsonData } from "./kv.ts";
import { filled, textOf } from "../schema/path.ts";

/** Of the answer to a write, what the program asked for by `writeFields`. */
function writtenFields(answer: VaultAnswer, desired: Properties): Properties {
  const fields = Array.isArray(desired.writeFields) ? desired.writeFields.map(String) : [];
  const kept: Record<string, ApiValue> = {};
  for (const field of fields) {
    const value = answer.data?.[field];
    if (value !== undefined) {
      kept[field] = value;
    }
  }
  return { writeData: textsOf(kept), writeDataJson: answer.data ? jsonText(kept) : "null" };
}

async function write({ vault }: Call, desired: Properties): Promise<Properties> {
  const answer = await vault.post(filled("{path}", desired), jsonData(textOf(desired, "dataJson")));
  return writtenFields(answer, desired);
}

/** Any endpoint of Vault: the way to what has no resource type of its own, such as password policies. */
export const genericEndpoint: Operations = {
  async create(call, desired) {
    return { id: filled("{path}", desired), told: await write(call, desired) };
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
