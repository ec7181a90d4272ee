import type { Struct, Value } from "google-protobuf/google/protobuf/struct_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { DiffResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type { CheckFailure, DiffKind, DiffResult } from "./plugin.ts";
import type { WireProperties, WireValue } from "./wire.ts";

/** The properties in a message; empty when it has none. */
export function wireOf(message: Struct | undefined): WireProperties {
  const fields: Record<string, WireValue> = {};
  message?.getFieldsMap().forEach((value, name) => {
    fields[name] = wireValueOf(value);
  });
  return fields;
}

function wireValueOf(value: Value): WireValue {
  const kinds = struct.Value.KindCase;
  switch (value.getKindCase()) {
    case kinds.STRING_VALUE:
      return value.getStringValue();
    case kinds.NUMBER_VALUE:
      return value.getNumberValue();
    case kinds.BOOL_VALUE:
      return value.getBoolValue();
    case kinds.STRUCT_VALUE:
      return wireOf(value.getStructValue());
    case kinds.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map(wireValueOf);
    default:
      return null;
  }
}

export function structOf(properties: WireProperties): Struct {
  return struct.Struct.fromJavaScript(properties);
}

export function failuresOf(failures: readonly CheckFailure[]) {
  return failures.map(({ property, reason }) => {
    const failure = new provider.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

const diffKinds = {
  add: provider.PropertyDiff.Kind.ADD,
  "add-replace": provider.PropertyDiff.Kind.ADD_REPLACE,
  delete: provider.PropertyDiff.Kind.DELETE,
  "delete-replace": provider.PropertyDiff.Kind.DELETE_REPLACE,
  update: provider.PropertyDiff.Kind.UPDATE,
  "update-replace": provider.PropertyDiff.Kind.UPDATE_REPLACE,
} satisfies Record<DiffKind, number>;

export function diffResponseOf(result: DiffResult): DiffResponse {
  const changes = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse();
  response.setChanges(result.changes ? changes.DIFF_SOME : changes.DIFF_NONE);
  response.setReplacesList([...result.replaces]);
  response.setDiffsList([...result.diffs]);
  response.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
  response.setHasdetaileddiff(result.detailed !== undefined);
  for (const [path, { kind, inputDiff }] of Object.entries(result.detailed ?? {})) {
    const difference = new provider.PropertyDiff();
    difference.setKind(diffKinds[kind]);
    difference.setInputdiff(inputDiff ?? false);
    response.getDetaileddiffMap().set(path, difference);
  }
  return response;
}
