import { setTimeout as pause } from "node:timers/promises";
import type { ResourceContext } from "../../server/plugin.ts";
import { annotation, isSet, SKIP_AWAIT, WAIT_FOR, timeoutSeconds } from "../manifest/annotations.ts";
import type { KubernetesApi } from "../api/client.ts";
import { UnreachableError, type ObjectName } from "../api/errors.ts";
import { at, type JsonObject } from "../manifest/json.ts";
import { problemsOf } from "./diagnose.ts";
import { readinessOf } from "./kinds.ts";
import { failed, READY, waiting, type Readiness, type ReadinessResult } from "./readiness.ts";
import { expectations, unmet } from "../manifest/wait-for.ts";

/** The result of a wait. Without reasons the object is ready. */
export interface Outcome {
  readonly live: JsonObject;
  readonly reasons: readonly string[];
}

const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 2000;
const FIRST_REPORT_MS = 5000;
const REPORT_INTERVAL_MS = 15_000;

/**
 * The readiness rule of an object: from its annotation, else from its kind; undefined when there is nothing to wait
 * for.
 */
export function ruleOf(object: ObjectName, inputs: JsonObject): Readiness | undefined {
  if (isSet(inputs, SKIP_AWAIT)) {
    return undefined;
  }
  const kind = readinessOf(object);
  const waitFor = annotation(inputs, WAIT_FOR);
  if (waitFor === undefined) {
    return kind;
  }
  const expected = expectations(waitFor);
  return {
    seconds: 600,
    podSelector: (live) => kind?.podSelector?.(live),
    evaluate: (live) => {
      const missing = unmet(expected, live);
      return missing.length === 0 ? READY : waiting(`not met yet: ${missing.join(", ")}`);
    },
  };
}

/** Waits until the object is ready, within its timeout, and shows what it waits for. */
export async function waitUntilReady(
  context: ResourceContext,
  api: KubernetesApi,
  object: ObjectName,
  inputs: JsonObject,
  applied: JsonObject,
): Promise<Outcome> {
  const rule = ruleOf(object, inputs);
  if (rule === undefined) {
    return { live: applied, reasons: [] };
  }
  const seconds = timeoutSeconds(context, inputs, rule.seconds);
  const end = await poll(context, api, object, applied, rule, performance.now() + seconds * 1000);
  if (end.result.state === "ready") {
    return { live: end.live, reasons: [] };
  }
  const why = await problemsOf(end.live, rule.podSelector?.(end.live), api).catch(() => []);
  const head =
    end.result.state === "failed"
      ? end.result.reason
      : context.cancelled.aborted
        ? `interrupted while waiting: ${end.result.reason}`
        : `not ready after ${seconds} s: ${end.result.reason}`;
  return { live: end.live, reasons: [head, ...why] };
}

async function poll(
  context: ResourceContext,
  api: KubernetesApi,
  object: ObjectName,
  applied: JsonObject,
  rule: Readiness,
  deadline: number,
): Promise<{ live: JsonObject; result: ReadinessResult }> {
  const report = reporter(context);
  let live = applied;
  for (let delay = FIRST_PAUSE_MS; ; delay = Math.min(delay * 1.5, LONGEST_PAUSE_MS)) {
    let result: ReadinessResult;
    try {
      result = await rule.evaluate(live, api);
    } catch (error) {
      result = whileUnreachable(error);
    }
    if (result.state !== "waiting" || performance.now() >= deadline || context.cancelled.aborted) {
      return { live, result };
    }
    await report(result.reason);
    await pause(delay, undefined, { signal: context.cancelled }).catch(() => undefined);
    try {
      const next = await api.get(object);
      if (next === undefined || at(next, "metadata", "uid") !== at(applied, "metadata", "uid")) {
        return { live, result: afterDeletion(live) };
      }
      live = next;
    } catch (error) {
      whileUnreachable(error);
    }
  }
}

/** A wait continues while the API server restarts. @throws any other error */
function whileUnreachable(error: unknown): ReadinessResult {
  if (error instanceof UnreachableError) {
    return waiting("the API server does not answer");
  }
  throw error;
}

/** A finished Job may delete itself (`ttlSecondsAfterFinished`); any other object was deleted by another program. */
function afterDeletion(live: JsonObject): ReadinessResult {
  return at(live, "spec", "ttlSecondsAfterFinished") === undefined ? failed("it was deleted during the wait") : READY;
}

/** Returns a function that shows a message after 5 s, and then a new message at most every 15 s. */
function reporter(context: ResourceContext): (message: string) => Promise<void> {
  let last = "";
  let next = performance.now() + FIRST_REPORT_MS;
  return async (message) => {
    if (message !== last && performance.now() >= next) {
      last = message;
      next = performance.now() + REPORT_INTERVAL_MS;
      await context.log("info", `waiting: ${message}`);
    }
  };
}

/** Evaluates an object once, for a refresh. @returns why it is not ready; empty when it is ready */
export async function readinessNow(
  api: KubernetesApi,
  object: ObjectName,
  inputs: JsonObject,
  live: JsonObject,
): Promise<string[]> {
  const rule = ruleOf(object, inputs);
  const result = rule === undefined ? READY : await rule.evaluate(live, api);
  return result.state === "ready" ? [] : [result.reason];
}
