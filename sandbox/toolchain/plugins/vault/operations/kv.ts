import { isObject, type Properties } from "../../server/values.ts";
import type { ApiData } from "../server/vault.ts";
import { bodyOf, jsonData, jsonText, propertiesIn, sameMeaning, textsOf } from "../schema/mapping.ts";
import { filled, objectOf, textOf } from "../schema/path.ts";
import { json, type PropertyTable } from "../schema/property.ts";
import type { Call, Operations, Row } from "../schema/row.ts";

function metadataPath(values: Properties): string {
  return filled("{mount}/metadata/{name}", values);
}

function metadataProperties(row: Row): PropertyTable {
  return row.properties.customMetadata?.properties ?? {};
}

async function writeData({ vault, row }: Call, id: string, desired: Properties): Promise<void> {
  const data: ApiData = jsonData(textOf(desired, "dataJson") || textOf(desired, "dataJsonWo"));
  const { cas, ...options } = { cas: desired.cas, ...objectOf(desired, "options") };
  const body = bodyOf(row.properties, { options: cas === undefined ? options : { ...options, cas } });
  // A repeated request would write a second version.
  await vault.post(id, { data, ...body }, { once: true });
}

async function writeMetadata({ vault, row }: Call, desired: Properties): Promise<void> {
  if (isObject(desired.customMetadata)) {
    await vault.post(metadataPath(desired), bodyOf(metadataProperties(row), desired.customMetadata));
  }
}

async function readMetadata({ vault, row }: Call, known: Properties): Promise<Properties> {
  const data = isObject(known.customMetadata) ? await vault.get(metadataPath(known)) : undefined;
  return data === undefined ? {} : { customMetadata: propertiesIn(metadataProperties(row), data) };
}

/** A secret of a KV engine, version 2. */
export const kvSecret: Operations = {
  async create(call, desired) {
    const id = filled(call.row.path, desired);
    await writeData(call, id, desired);
    await writeMetadata(call, desired);
    return { id };
  },
  async read(call, id, known) {
    const [, mount = "", name = ""] = /^(.+?)\/data\/(.+)$/.exec(id) ?? [];
    const address = { path: id, mount: textOf(known, "mount") || mount, name: textOf(known, "name") || name };
    if (known.disableRead === true) {
      return { ...address, dataJson: known.dataJson ?? "" };
    }
    const answer = await call.vault.get(id);
    if (answer === undefined) {
      return undefined;
    }
    const metadata = await readMetadata(call, { ...known, ...address });
    const found = { ...address, metadata: textsOf(answer.metadata), ...metadata };
    // A write-only value is not returned.
    const isWriteOnly = known.dataJsonWoVersion !== undefined;
    return isWriteOnly ? found : { ...found, dataJson: jsonText(answer.data ?? {}), data: textsOf(answer.data) };
  },
  async update(call, id, desired, before) {
    const isNewVersion = desired.dataJsonWoVersion !== before.dataJsonWoVersion;
    if (isNewVersion || !sameMeaning(json(), desired.dataJson, before.dataJson)) {
      await writeData(call, id, desired);
    }
    await writeMetadata(call, desired);
  },
  async delete({ vault }, id, known) {
    await vault.delete(known.deleteAllVersions === true ? metadataPath(known) : id);
  },
};
