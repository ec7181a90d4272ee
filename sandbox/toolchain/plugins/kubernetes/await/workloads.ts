import { numberAt, objectAt, textAt, type JsonObject } from "../manifest/json.ts";
import { condition, conditionIs, conditionText, isObserved, labelSelector } from "./conditions.ts";
import { failed, READY, waiting, type Readiness, type ReadinessResult } from "./readiness.ts";

const TEN_MINUTES = 600;

function podSelector(object: JsonObject): string | undefined {
  return labelSelector(objectAt(object, "spec", "selector", "matchLabels"));
}

function status(object: JsonObject, name: string): number {
  return numberAt(object, "status", name) ?? 0;
}

export const replicaSet: Readiness = {
  seconds: TEN_MINUTES,
  podSelector,
  evaluate(object): ReadinessResult {
    const wanted = numberAt(object, "spec", "replicas") ?? 1;
    const available = status(object, "availableReplicas");
    return !isObserved(object) || available < wanted
      ? waiting(`${available} of ${wanted} replicas are available`)
      : READY;
  },
};

/**
 * The readiness of an object whose controller replaces pods. The replica counts are used only after the controller has
 * observed the change. With the strategy OnDelete, the operator replaces the pods, so the object is ready at once.
 */
function rollout(evaluate: (object: JsonObject) => ReadinessResult): Readiness {
  return {
    seconds: TEN_MINUTES,
    podSelector,
    evaluate(object): ReadinessResult {
      if (textAt(object, "spec", "updateStrategy", "type") === "OnDelete") {
        return READY;
      }
      return isObserved(object) ? evaluate(object) : waiting("the controller has not observed the change yet");
    },
  };
}

/** Like `kubectl rollout status`: every replica has the latest template and is available, and no old one is left. */
export const deployment = rollout((object) => {
  if (textAt(condition(object, "Progressing"), "reason") === "ProgressDeadlineExceeded") {
    return failed(`the rollout made no progress: ${conditionText(object, "Progressing")}`);
  }
  if (conditionIs(object, "ReplicaFailure", "True") && status(object, "replicas") === 0) {
    return waiting(`no pod can be created: ${conditionText(object, "ReplicaFailure")}`);
  }
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const updated = status(object, "updatedReplicas");
  if (updated < wanted) {
    return waiting(`${updated} of ${wanted} replicas are up to date`);
  }
  if (status(object, "replicas") > updated) {
    return waiting(`${status(object, "replicas") - updated} old replicas are still stopping`);
  }
  const available = status(object, "availableReplicas");
  return available < wanted ? waiting(`${available} of ${wanted} replicas are available`) : READY;
});

export const statefulSet = rollout((object) => {
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const ready = status(object, "readyReplicas");
  if (ready < wanted) {
    return waiting(`${ready} of ${wanted} replicas are ready`);
  }
  const partition = numberAt(object, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  const updated = status(object, "updatedReplicas");
  if (partition > 0) {
    return updated < wanted - partition
      ? waiting(`${updated} of ${wanted - partition} replicas are up to date`)
      : READY;
  }
  const current = textAt(object, "status", "currentRevision");
  const next = textAt(object, "status", "updateRevision");
  return current !== next && wanted > 0 ? waiting(`${updated} of ${wanted} replicas are up to date`) : READY;
});

export const daemonSet = rollout((object) => {
  const wanted = status(object, "desiredNumberScheduled");
  const updated = status(object, "updatedNumberScheduled");
  const available = status(object, "numberAvailable");
  if (updated < wanted) {
    return waiting(`${updated} of ${wanted} pods are up to date`);
  }
  return available < wanted ? waiting(`${available} of ${wanted} pods are available`) : READY;
});

export const job: Readiness = {
  seconds: TEN_MINUTES,
  podSelector: (object) => labelSelector({ "batch.kubernetes.io/job-name": textAt(object, "metadata", "name") ?? "" }),
  evaluate(object): ReadinessResult {
    if (conditionIs(object, "Complete", "True") || conditionIs(object, "SuccessCriteriaMet", "True")) {
      return READY;
    }
    if (conditionIs(object, "Failed", "True")) {
      return failed(`the Job failed: ${conditionText(object, "Failed")}`);
    }
    if (objectAt(object, "spec").suspend === true) {
      return READY;
    }
    return waiting(
      `${status(object, "active")} pods are running, ${status(object, "succeeded")} succeeded, ${status(object, "failed")} failed`,
    );
  },
};

export const pod: Readiness = {
  seconds: TEN_MINUTES,
  podSelector: () => undefined,
  evaluate(object): ReadinessResult {
    const phase = textAt(object, "status", "phase");
    if (phase === "Succeeded" || conditionIs(object, "Ready", "True")) {
      return READY;
    }
    if (phase === "Failed") {
      return failed(
        `the Pod failed: ${textAt(object, "status", "message") ?? textAt(object, "status", "reason") ?? "see its containers"}`,
      );
    }
    const scheduled = conditionIs(object, "PodScheduled", "False") ? conditionText(object, "PodScheduled") : "";
    return waiting(scheduled === "" ? `the Pod is ${phase ?? "not scheduled"} and not ready` : scheduled);
  },
};
