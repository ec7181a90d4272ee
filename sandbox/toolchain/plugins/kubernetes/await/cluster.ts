import { at, textAt } from "../manifest/json.ts";
import { conditionIs, conditionText } from "./conditions.ts";
import { failed, READY, waiting, type Readiness, type ReadinessResult } from "./readiness.ts";

export const customResourceDefinition: Readiness = {
  seconds: 60,
  evaluate(object): ReadinessResult {
    if (conditionIs(object, "NamesAccepted", "False")) {
      return failed(`its names are already in use: ${conditionText(object, "NamesAccepted")}`);
    }
    return conditionIs(object, "Established", "True") ? READY : waiting("the API server does not serve its kind yet");
  },
};

export const apiService: Readiness = {
  seconds: 600,
  evaluate(object): ReadinessResult {
    return conditionIs(object, "Available", "True")
      ? READY
      : waiting(`its server does not answer yet: ${conditionText(object, "Available")}`);
  },
};

export const namespace: Readiness = {
  seconds: 60,
  evaluate(object): ReadinessResult {
    const phase = textAt(object, "status", "phase");
    return phase === "Active" ? READY : waiting(`it is ${phase ?? "not active"}`);
  },
};

/** A Secret for a service account token is ready when it has the token. Every other Secret is ready at once. */
export const secret: Readiness = {
  seconds: 60,
  evaluate(object): ReadinessResult {
    const isToken = textAt(object, "type") === "kubernetes.io/service-account-token";
    return isToken && at(object, "data", "token") === undefined
      ? waiting("its service account token does not exist yet")
      : READY;
  },
};
