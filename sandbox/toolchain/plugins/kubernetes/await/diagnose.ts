import type { ClusterReader } from "../api/client.ts";
import { at, listAt, numberAt, textAt, type Json, type JsonObject } from "../manifest/json.ts";
import { conditionIs, conditionText } from "./conditions.ts";

const POD = { apiVersion: "v1", kind: "Pod" };
const EVENT = { apiVersion: "v1", kind: "Event" };
const MOST_PODS = 5;
const MOST_EVENTS = 3;
const LOG_LINES = 5;

/** Why an object does not become ready: the problems of its pods and its latest warnings. */
export async function problemsOf(
  object: JsonObject,
  podSelector: string | undefined,
  reader: ClusterReader,
): Promise<string[]> {
  const namespace = textAt(object, "metadata", "namespace");
  const pods =
    object.kind === "Pod"
      ? [object]
      : podSelector === undefined || namespace === undefined
        ? []
        : await reader.list(POD, namespace, { labelSelector: podSelector });
  const perPod = await Promise.all(
    pods
      .filter(isUnhealthy)
      .slice(0, MOST_PODS)
      .map((pod) => podProblems(pod, reader)),
  );
  return [...perPod.flat(), ...(await warnings(object, reader))];
}

function isUnhealthy(pod: JsonObject): boolean {
  return textAt(pod, "status", "phase") !== "Succeeded" && !conditionIs(pod, "Ready", "True");
}

async function podProblems(pod: JsonObject, reader: ClusterReader): Promise<string[]> {
  const name = textAt(pod, "metadata", "name") ?? "";
  const scheduling = conditionIs(pod, "PodScheduled", "False") ? [conditionText(pod, "PodScheduled")] : [];
  const statuses = [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")];
  const containers = await Promise.all(statuses.map((status) => containerProblems(pod, status, reader)));
  const reasons = [...scheduling, ...containers.flat()];
  const events = reasons.length === 0 ? await warnings(pod, reader) : [];
  const phase = `is ${textAt(pod, "status", "phase") ?? "new"} and not ready`;
  const all = reasons.length + events.length === 0 ? [phase] : [...reasons, ...events];
  return all.map((reason) => `Pod "${name}": ${reason}`);
}

async function containerProblems(pod: JsonObject, status: Json, reader: ClusterReader): Promise<string[]> {
  const container = textAt(status, "name") ?? "";
  const waiting = at(status, "state", "waiting");
  const ended = at(status, "state", "terminated") ?? at(status, "lastState", "terminated");
  const reasons: string[] = [];
  const reason = textAt(waiting, "reason");
  if (reason !== undefined && reason !== "ContainerCreating" && reason !== "PodInitializing") {
    reasons.push(
      `container "${container}" is waiting: ${[reason, textAt(waiting, "message")].filter(Boolean).join(": ")}`,
    );
  }
  const code = numberAt(ended, "exitCode");
  if (code !== undefined && code !== 0) {
    const log = await lastLines(pod, container, at(status, "state", "terminated") === undefined, reader);
    reasons.push(`container "${container}" ended with code ${code} (${textAt(ended, "reason") ?? "Error"})${log}`);
  }
  if (reasons.length === 0 && at(status, "ready") === false && at(status, "state", "running") !== undefined) {
    reasons.push(`container "${container}" is running, but its readiness probe fails`);
  }
  return reasons;
}

async function lastLines(
  pod: JsonObject,
  container: string,
  previous: boolean,
  reader: ClusterReader,
): Promise<string> {
  const namespace = textAt(pod, "metadata", "namespace") ?? "default";
  const name = textAt(pod, "metadata", "name") ?? "";
  const log = await reader.podLog(namespace, name, { container, tailLines: LOG_LINES, previous });
  return log === "" ? "" : `; its last lines:\n${log.replaceAll(/^/gm, "    ")}`;
}

async function warnings(object: JsonObject, reader: ClusterReader): Promise<string[]> {
  const uid = textAt(object, "metadata", "uid");
  const namespace = textAt(object, "metadata", "namespace");
  if (uid === undefined) {
    return [];
  }
  const events = await reader.list(EVENT, namespace, { fieldSelector: `involvedObject.uid=${uid},type=Warning` });
  const texts = events
    .toSorted((left, right) => lastSeen(right).localeCompare(lastSeen(left)))
    .map((event) => `${textAt(event, "reason") ?? "Warning"}: ${textAt(event, "message") ?? ""}`);
  return [...new Set(texts)].slice(0, MOST_EVENTS);
}

function lastSeen(event: JsonObject): string {
  return textAt(event, "lastTimestamp") ?? textAt(event, "eventTime") ?? "";
}
