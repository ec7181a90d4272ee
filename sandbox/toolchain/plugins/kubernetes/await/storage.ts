import { at, textAt, type JsonObject } from "../manifest/json.ts";
import type { ClusterReader } from "../api/client.ts";
import { failed, READY, waiting, type Readiness, type ReadinessResult } from "./readiness.ts";

const STORAGE_CLASS = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass" };
const FIVE_MINUTES = 300;

/** A claim is ready when it is bound, or when its volume is created only for the first pod that uses it. */
export const persistentVolumeClaim: Readiness = {
  seconds: FIVE_MINUTES,
  async evaluate(object, reader): Promise<ReadinessResult> {
    const phase = textAt(object, "status", "phase");
    if (phase === "Bound") {
      return READY;
    }
    if (phase === "Lost") {
      return failed("its PersistentVolume is gone");
    }
    if (textAt(object, "spec", "volumeName") === undefined && (await waitsForConsumer(object, reader))) {
      return READY;
    }
    return waiting(`it is ${phase ?? "Pending"}: no volume is bound to it`);
  },
};

async function waitsForConsumer(object: JsonObject, reader: ClusterReader): Promise<boolean> {
  const name = textAt(object, "spec", "storageClassName");
  const found = name === undefined ? await defaultClass(reader) : await reader.get({ ...STORAGE_CLASS, name });
  return at(found, "volumeBindingMode") === "WaitForFirstConsumer";
}

async function defaultClass(reader: ClusterReader): Promise<JsonObject | undefined> {
  const classes = await reader.list(STORAGE_CLASS, undefined, {});
  return classes.find(
    (each) => at(each, "metadata", "annotations", "storageclass.kubernetes.io/is-default-class") === "true",
  );
}

export const persistentVolume: Readiness = {
  seconds: FIVE_MINUTES,
  evaluate(object): ReadinessResult {
    const phase = textAt(object, "status", "phase") ?? "Pending";
    if (phase === "Failed") {
      return failed(textAt(object, "status", "message") ?? "the volume failed");
    }
    return phase === "Available" || phase === "Bound" ? READY : waiting(`it is ${phase}`);
  },
};
