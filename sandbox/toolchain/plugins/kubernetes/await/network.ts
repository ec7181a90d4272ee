import { at, listAt, objectAt, textAt, type JsonObject } from "../manifest/json.ts";
import type { ClusterReader } from "../api/client.ts";
import { labelSelector } from "./conditions.ts";
import { READY, waiting, type Readiness, type Verdict } from "./verdict.ts";

const TEN_MINUTES = 600;

/** Ready when a ready pod matches its selector. A Service without selector, or of type ExternalName, is ready at once. */
export const service: Readiness = {
  seconds: TEN_MINUTES,
  podSelector: (object) => labelSelector(objectAt(object, "spec", "selector")),
  async judge(object, reader): Promise<Verdict> {
    const type = textAt(object, "spec", "type");
    if (type === "ExternalName") {
      return READY;
    }
    if (type === "LoadBalancer" && listAt(object, "status", "loadBalancer", "ingress").length === 0) {
      return waiting("no load balancer has given it an address");
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
  judge(object): Verdict {
    return listAt(object, "status", "loadBalancer", "ingress").length > 0
      ? READY
      : waiting(
          'no ingress controller has given it an address (with a controller that never does, set the annotation pulumi.com/skipAwait: "true")',
        );
  },
};
