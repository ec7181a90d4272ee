import { asText, bodyOf, propertiesIn } from "../schema/mapping.ts";
import { filled, textOf } from "../schema/path.ts";
import type { PropertyTable } from "../schema/property.ts";
import type { Operations } from "../schema/row.ts";
import type { Vault } from "../server/vault.ts";

function outputsOf(properties: PropertyTable): PropertyTable {
  return Object.fromEntries(Object.entries(properties).filter(([, { output }]) => output === true));
}

/** A root certificate, which is an issuer of its engine. */
export const rootCertificate: Operations = {
  async create({ vault, row }, desired) {
    const path = filled("{backend}/issuers/generate/root/{type}", desired);
    const answer = await vault.post(path, bodyOf(row.properties, desired), { once: true });
    const data = answer.data ?? {};
    return {
      id: `${textOf(desired, "backend")}/issuer/${asText(data.issuer_id)}`,
      outputs: propertiesIn(outputsOf(row.properties), data),
    };
  },
  async read({ vault }, id) {
    return (await issuerExists(vault, id)) ? {} : undefined;
  },
  update: () => Promise.resolve(),
  async delete({ vault }, id) {
    await vault.delete(id);
  },
};

/** Searches the list of issuers, because Vault answers 500 to a read of an unknown issuer. */
async function issuerExists(vault: Vault, id: string): Promise<boolean> {
  const [backend = "", issuer = ""] = id.split("/issuer/");
  return (await vault.list(`${backend}/issuers`)).includes(issuer);
}
