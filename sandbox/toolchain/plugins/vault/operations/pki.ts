import { randomUUID } from "node:crypto";
import type { Properties } from "../../server/values.ts";
import { asText, bodyOf, propertiesIn } from "../schema/mapping.ts";
import type { ApiData, Vault } from "../server/vault.ts";
import type { Operations, Row } from "../schema/row.ts";
import { mountEntry } from "./mount.ts";
import { filled, textOf } from "../schema/path.ts";

/** Makes something once; the answer alone holds its outputs. */
async function generate(vault: Vault, row: Row, path: string, desired: Properties): Promise<ApiData> {
  const answer = await vault.post(path, bodyOf(row.properties, desired), { once: true });
  return answer.data ?? {};
}

function outputsIn(row: Row, data: ApiData): Properties {
  const outputs = Object.entries(row.properties).filter(([, property]) => property.output === true);
  return propertiesIn(Object.fromEntries(outputs), data);
}

/** The engine is still mounted: all that the API can tell of what was made there. */
async function whileMounted(vault: Vault, known: Properties): Promise<Properties | undefined> {
  const mount = await mountEntry(vault, "mounts", textOf(known, "backend"));
  return mount && {};
}

const unchanging = {
  update: () => Promise.resolve(),
  delete: () => Promise.resolve(),
} satisfies Pick<Operations, "update" | "delete">;

/** A root certificate, which is an issuer of its engine. */
export const rootCertificate: Operations = {
  ...unchanging,
  async create({ vault, row }, desired) {
    const data = await generate(vault, row, filled("{backend}/issuers/generate/root/{type}", desired), desired);
    return { id: `${textOf(desired, "backend")}/issuer/${asText(data.issuer_id)}`, told: outputsIn(row, data) };
  },
  async read({ vault }, id) {
    return (await issuerExists(vault, id)) ? {} : undefined;
  },
  async delete({ vault }, id) {
    await vault.delete(id);
  },
};

/** Vault answers 500 for an issuer that it does not have: so look into the list. */
async function issuerExists(vault: Vault, id: string): Promise<boolean> {
  const [backend = "", issuer = ""] = id.split("/issuer/");
  return (await vault.list(`${backend}/issuers`)).includes(issuer);
}

export const intermediateRequest: Operations = {
  ...unchanging,
  async create({ vault, row }, desired) {
    const path = filled("{backend}/issuers/generate/intermediate/{type}", desired);
    const data = await generate(vault, row, path, desired);
    return { id: `${path}/${randomUUID()}`, told: outputsIn(row, data) };
  },
  read: ({ vault }, _id, known) => whileMounted(vault, known),
};

const pemCertificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function certificatesIn(...texts: readonly unknown[]): string[] {
  return [...new Set(texts.flatMap((text) => asText(text).match(pemCertificate) ?? []))];
}

/** An intermediate certificate, signed; destroyed it is revoked when the program says so. */
export const signedIntermediate: Operations = {
  ...unchanging,
  async create({ vault, row }, desired) {
    const data = await generate(vault, row, filled("{backend}/root/sign-intermediate", desired), desired);
    const told = outputsIn(row, data);
    const chain = Array.isArray(data.ca_chain) ? data.ca_chain.map(String) : [];
    return {
      id: filled("{backend}/{commonName}", desired),
      told: {
        ...told,
        caChains: chain.length > 0 ? chain : certificatesIn(data.issuing_ca, data.certificate),
        certificateBundle: certificatesIn(data.certificate, data.issuing_ca).join("\n"),
      },
    };
  },
  read: ({ vault }, _id, known) => whileMounted(vault, known),
  async delete({ vault }, _id, known) {
    if (known.revoke === true) {
      const body = { serial_number: textOf(known, "serialNumber") };
      await vault.send("POST", filled("{backend}/revoke", known), { body });
    }
  },
};

export const setSigned: Operations = {
  ...unchanging,
  async create({ vault, row }, desired) {
    const path = filled("{backend}/intermediate/set-signed", desired);
    return { id: path, told: outputsIn(row, await generate(vault, row, path, desired)) };
  },
  read: ({ vault }, _id, known) => whileMounted(vault, known),
};
