import type { CheckFailure } from "../../server/plugin.ts";
import type { Properties } from "../../server/values.ts";
import { genericEndpoint } from "../operations/endpoint.ts";
import { genericSecret, kvSecret } from "../operations/kv.ts";
import { object } from "../operations/object.ts";
import { transitKey } from "../operations/transit.ts";
import { block, flag, json, list, map, maps, number, place, seconds, text } from "../schema/property.ts";
import { enterpriseOnly, newerVaultOnly, row } from "../schema/row.ts";

/** A flag that only this plugin reads. */
const own = flag({ unread: true, field: false, default: false });

const versionFollowsValue =
  (value: string) =>
  (inputs: Properties): CheckFailure[] =>
    (inputs[value] === undefined) === (inputs[`${value}Version`] === undefined)
      ? []
      : [
          {
            property: value,
            reason: `goes together with ${value}Version: the value is written when the version changes`,
          },
        ];

function oneData(inputs: Properties): CheckFailure[] {
  const given = ["dataJson", "dataJsonWo"].filter((name) => inputs[name] !== undefined);
  const failures = versionFollowsValue("dataJsonWo")(inputs);
  return given.length === 1 ? failures : [{ property: "dataJson", reason: "give either dataJson or dataJsonWo" }];
}

/** What can be changed of a transit key once it is there. */
const keyConfig = {
  minDecryptionVersion: number({ default: 1 }),
  minEncryptionVersion: number({ default: 0 }),
  deletionAllowed: flag({ default: false }),
  exportable: flag({ default: false }),
  allowPlaintextBackup: flag({ default: false }),
  autoRotatePeriod: seconds({ computed: true }),
};

/** Once on, these can only be turned off by a new key. */
const turnedOff = (property: string, wanted: Properties, found: Properties) =>
  (property === "exportable" || property === "allowPlaintextBackup") &&
  found[property] === true &&
  wanted[property] !== true;

export const secretRows = [
  row({
    type: "vault:index/policy:Policy",
    path: "{name}",
    properties: { name: place({ autoName: true }), policy: text({ required: true }) },
    operations: object({ below: "sys/policies/acl" }),
  }),
  row({
    type: "vault:generic/endpoint:Endpoint",
    path: "{path}",
    properties: {
      path: place({ required: true }),
      dataJson: json({ required: true, secret: true, field: false }),
      disableDelete: own,
      disableRead: own,
      ignoreAbsentFields: own,
      writeFields: list({ unread: true, field: false }),
      writeData: map({ output: true }),
      writeDataJson: text({ output: true }),
    },
    operations: genericEndpoint,
  }),
  row({
    type: "vault:generic/secret:Secret",
    path: "{path}",
    properties: {
      path: place({ required: true }),
      dataJson: json({ required: true, secret: true, field: false }),
      deleteAllVersions: own,
      disableRead: own,
      data: map({ output: true, secret: true }),
    },
    operations: genericSecret,
  }),
  row({
    type: "vault:kv/secretV2:SecretV2",
    path: "{mount}/data/{name}",
    properties: {
      mount: place({ required: true }),
      name: place({ autoName: true }),
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
      deleteAllVersions: own,
      disableRead: own,
      data: map({ output: true, secret: true }),
      metadata: map({ output: true }),
      path: text({ output: true }),
    },
    validate: oneData,
    operations: kvSecret,
  }),
  row({
    type: "vault:kv/secretBackendV2:SecretBackendV2",
    path: "{mount}/config",
    properties: {
      mount: place({ required: true }),
      maxVersions: number({ computed: true }),
      casRequired: flag({ computed: true }),
      deleteVersionAfter: seconds(),
    },
    operations: object({ stays: true }),
  }),
  row({
    type: "vault:transit/secretBackendKey:SecretBackendKey",
    path: "{backend}/keys/{name}",
    properties: {
      backend: place({ required: true }),
      name: place({ autoName: true }),
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
    replacedBy: turnedOff,
    operations: transitKey(keyConfig),
  }),
];
