import type { CheckFailure } from "../../server/plugin.ts";
import type { Properties } from "../../server/values.ts";
import { genericEndpoint } from "../operations/endpoint.ts";
import { kvSecret } from "../operations/kv.ts";
import { object } from "../operations/object.ts";
import { transitKey } from "../operations/transit.ts";
import { block, flag, json, list, map, maps, number, pathPart, seconds, text } from "../schema/property.ts";
import { enterpriseOnly, newerVaultOnly, row } from "../schema/row.ts";

/** A flag for this plugin. The API does not have it. */
const pluginOnly = flag({ unread: true, field: false, default: false });

/** A secret needs exactly one of two data properties. The write-only one also needs a version. */
function dataFailures(inputs: Properties): CheckFailure[] {
  const given = ["dataJson", "dataJsonWo"].filter((name) => inputs[name] !== undefined);
  if (given.length !== 1) {
    return [{ property: "dataJson", reason: "set either dataJson or dataJsonWo" }];
  }
  if ((inputs.dataJsonWo === undefined) === (inputs.dataJsonWoVersion === undefined)) {
    return [];
  }
  const reason = "needs dataJsonWoVersion, and the reverse: the value is written when the version changes";
  return [{ property: "dataJsonWo", reason }];
}

/** The properties of an existing transit key that can be changed. */
const keyConfig = {
  minDecryptionVersion: number({ default: 1 }),
  minEncryptionVersion: number({ default: 0 }),
  deletionAllowed: flag({ default: false }),
  exportable: flag({ default: false }),
  allowPlaintextBackup: flag({ default: false }),
  autoRotatePeriod: seconds({ computed: true }),
};

/** Whether a change turns off a flag that cannot be turned off for an existing key. */
const isTurnedOff = (property: string, wanted: Properties, found: Properties) =>
  (property === "exportable" || property === "allowPlaintextBackup") &&
  found[property] === true &&
  wanted[property] !== true;

export const secretRows = [
  row({
    type: "vault:index/policy:Policy",
    path: "{name}",
    properties: { name: pathPart({ autoName: true }), policy: text({ required: true }) },
    operations: object("sys/policies/acl"),
  }),
  row({
    type: "vault:generic/endpoint:Endpoint",
    path: "{path}",
    properties: {
      path: pathPart({ required: true }),
      dataJson: json({ required: true, secret: true, field: false }),
      disableDelete: pluginOnly,
      disableRead: pluginOnly,
      ignoreAbsentFields: pluginOnly,
      writeFields: list({ unread: true, field: false }),
      writeData: map({ output: true }),
      writeDataJson: text({ output: true }),
    },
    operations: genericEndpoint,
  }),
  row({
    type: "vault:kv/secretV2:SecretV2",
    path: "{mount}/data/{name}",
    properties: {
      mount: pathPart({ required: true }),
      name: pathPart({ autoName: true }),
      dataJson: json({ secret: true, field: false }),
      dataJsonWo: json({ secret: true, field: false, writtenWith: "dataJsonWoVersion" }),
      dataJsonWoVersion: number({ unread: true, field: false }),
      cas: number({ unread: true, field: false }),
      options: map({ unread: true }),
      customMetadata: block(
        {
          casRequired: flag(),
          data: map({ field: "custom_metadata" }),
          deleteVersionAfter: seconds(),
          maxVersions: number(),
        },
        { computed: true, field: false },
      ),
      deleteAllVersions: pluginOnly,
      disableRead: pluginOnly,
      data: map({ output: true, secret: true }),
      metadata: map({ output: true }),
      path: text({ output: true }),
    },
    validate: dataFailures,
    operations: kvSecret,
  }),
  row({
    type: "vault:transit/secretBackendKey:SecretBackendKey",
    path: "{backend}/keys/{name}",
    properties: {
      backend: pathPart({ required: true }),
      name: pathPart({ autoName: true }),
      type: text({ replaces: true, default: "aes256-gcm96" }),
      derived: flag({ replaces: true, default: false }),
      convergentEncryption: flag({ replaces: true, default: false }),
      context: text({ replaces: true, unread: true }),
      keySize: number({ default: 0 }),
      ...keyConfig,
      keys: maps({ output: true, field: false }),
      latestVersion: number({ output: true }),
      minAvailableVersion: number({ output: true }),
      supportsEncryption: flag({ output: true }),
      supportsDecryption: flag({ output: true }),
      supportsDerivation: flag({ output: true }),
      supportsSigning: flag({ output: true }),
    },
    refuses: {
      [enterpriseOnly]: ["managedKeyId", "managedKeyName"],
      [newerVaultOnly]: ["hybridKeyTypeEc", "hybridKeyTypePqc", "parameterSet"],
    },
    replacedBy: isTurnedOff,
    operations: transitKey(keyConfig),
  }),
];
