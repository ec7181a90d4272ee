import { at, listAt, objectAt, textAt, type JsonObject } from "../manifest/json.ts";
import type { ClusterReader } from "../api/client.ts";
import { labelSelector } from "./conditions.ts";
import { READY, waiting, type Readiness, type ReadinessResult } from "./readiness.ts";

const TEN_MINUTES = 600;

/**
 * A Service is ready when a ready pod matches its selector. Without a selector, or with type ExternalName, it is ready
 * at once.
 */
export const service: Readiness = {
  seconds: TEN_MINUTES,
  podSelector: (object) => labelSelector(objectAt(object, "spec", "selector")),
  async evaluate(object, reader): Promise<ReadinessResult> {
    const type = textAt(object, "spec", "type");
    if (type === "ExternalName") {
      return READY;
    }
    if (type === "LoadBalancer" && listAt(object, "status", "loadBalancer", "ingress").length === 0) {
      return waiting("no load balancer has set its address");
    }
    if (labelSelector(objectAt(object, "spec", "selector")) === undefined) {
      return READY;
    }
    return (await hasEndpoint(object, reader)) ? READY : waiting("no ready pod matches its selector");
  },
};

async function hasEndpoint(object: JsonObject, reader: ClusterReader): Promise<boolean> {
  const slices = await reader.list(
    { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" },
    textAt(object, "metadata", "namespace"),
    { labelSelector: `kubernetes.io/service-name=${textAt(object, "metadata", "name") ?? ""}` },
  );
  return slices.some((slice) =>
    listAt(slice, "endpoints").some((endpoint) => at(endpoint, "conditions", "ready") !== false),
  );
}

export const ingress: Readiness = {
  seconds: TEN_MINUTES,
  evaluate(object): ReadinessResult {
    return listAt(object, "status", "loadBalancer", "ingress").length > 0
      ? READY
      : waiting(
          'no ingress controller has set its address (if the controller never sets one, add the annotation pulumi.com/skipAwait: "true")',
        );
  },
};
