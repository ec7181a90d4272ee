import { z } from "zod";
import { isObject, type Properties } from "../../server/values.ts";
import { bodyOf, isApiData, jsonText, propertiesIn, sameMeaning, textsOf } from "../schema/mapping.ts";
import type { ApiData, Vault } from "../server/vault.ts";
import { json } from "../schema/property.ts";
import type { Call, Operations } from "../schema/row.ts";
import { filled, objectOf, textOf } from "../schema/path.ts";

/** A JSON object of the program; `check` made sure that it is one. */
export function jsonData(text: string): ApiData {
  return z.record(z.string(), z.json()).parse(JSON.parse(text === "" ? "{}" : text));
}

const metadataPath = (values: Properties) => filled("{mount}/metadata/{name}", values);

async function writeData({ vault, row }: Call, id: string, desired: Properties, data: ApiData): Promise<void> {
  const { cas, ...options } = { cas: desired.cas, ...objectOf(desired, "options") };
  const sent = bodyOf(row.properties, { options: cas === undefined ? options : { ...options, cas } });
  // A new version must never be written twice for one change.
  await vault.post(id, { data, ...sent }, { once: true });
}

async function writeMetadata({ vault, row }: Call, desired: Properties): Promise<void> {
  if (isObject(desired.customMetadata)) {
    await vault.post(
      metadataPath(desired),
      bodyOf(row.properties.customMetadata?.properties ?? {}, desired.customMetadata),
    );
  }
}

async function readMetadata({ vault, row }: Call, known: Properties): Promise<Properties> {
  if (!isObject(known.customMetadata)) {
    return {};
  }
  const data = await vault.get(metadataPath(known));
  return data === undefined
    ? {}
    : { customMetadata: propertiesIn(row.properties.customMetadata?.properties ?? {}, data) };
}

function wantedData(desired: Properties): ApiData {
  return jsonData(textOf(desired, "dataJson") || textOf(desired, "dataJsonWo"));
}

/** A secret of a KV engine, version 2. */
export const kvSecret: Operations = {
  async create(call, desired) {
    const id = filled(call.row.path, desired);
    await writeData(call, id, desired, wantedData(desired));
    await writeMetadata(call, desired);
    return { id };
  },
  async read(call, id, known) {
    const [, mount = "", name = ""] = /^(.+?)\/data\/(.+)$/.exec(id) ?? [];
    const place = { path: id, mount: textOf(known, "mount") || mount, name: textOf(known, "name") || name };
    if (known.disableRead === true) {
      return { ...place, dataJson: known.dataJson ?? "" };
    }
    const answer = await call.vault.get(id);
    if (answer === undefined) {
      return undefined;
    }
    const found = {
      ...place,
      metadata: textsOf(answer.metadata),
      ...(await readMetadata(call, { ...known, ...place })),
    };
    // What came in write-only does not come out again.
    const hidden = known.dataJsonWoVersion !== undefined;
    return hidden ? found : { ...found, dataJson: jsonText(answer.data ?? {}), data: textsOf(answer.data) };
  },
  async update(call, id, desired, before) {
    const newVersion = desired.dataJsonWoVersion !== before.dataJsonWoVersion;
    if (newVersion || !sameMeaning(json(), desired.dataJson, before.dataJson)) {
      await writeData(call, id, desired, wantedData(desired));
    }
    await writeMetadata(call, desired);
  },
  async delete({ vault }, id, known) {
    await vault.delete(known.deleteAllVersions === true ? metadataPath(known) : id);
  },
};

interface GenericPlace {
  readonly isVersion2: boolean;
  readonly data: string;
  readonly metadata: string;
}

/** Where a path really lives: below a KV engine of version 2 the data has a path of its own. */
async function genericPlace(vault: Vault, path: string): Promise<GenericPlace> {
  const mount = await vault.get(`sys/internal/ui/mounts/${path}`);
  const root = typeof mount?.path === "string" ? mount.path : "";
  const isVersion2 = mount?.type === "kv" && isApiData(mount.options) && mount.options.version === "2";
  const rest = path.slice(root.length);
  const below = (part: string) => (rest.startsWith(`${part}/`) ? path : `${root}${part}/${rest}`);
  return isVersion2
    ? { isVersion2, data: below("data"), metadata: below("metadata") }
    : { isVersion2, data: path, metadata: path };
}

/** A secret at any path of a KV engine of either version. */
export const genericSecret: Operations = {
  async create({ vault }, desired) {
    const id = filled("{path}", desired);
    const place = await genericPlace(vault, id);
    const data = jsonData(textOf(desired, "dataJson"));
    await vault.post(place.data, place.isVersion2 ? { data } : data, { once: place.isVersion2 });
    return { id };
  },
  async read({ vault }, id, known): Promise<Properties | undefined> {
    if (known.disableRead === true) {
      return { path: id, dataJson: known.dataJson ?? "" };
    }
    const place = await genericPlace(vault, id);
    const answer = await vault.get(place.data);
    const data = place.isVersion2 ? answer?.data : answer;
    return answer && { path: id, dataJson: jsonText(data ?? {}), data: textsOf(data) };
  },
  async update(call, _id, desired) {
    await genericSecret.create(call, desired);
  },
  async delete({ vault }, id, known) {
    const place = await genericPlace(vault, id);
    await vault.delete(known.deleteAllVersions === true ? place.metadata : place.data);
  },
};
