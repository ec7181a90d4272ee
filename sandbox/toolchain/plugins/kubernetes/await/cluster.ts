import { at, textAt } from "../manifest/json.ts";
import { conditionIs, conditionText } from "./conditions.ts";
import { failed, READY, waiting, type Readiness, type Verdict } from "./verdict.ts";

export const customResourceDefinition: Readiness = {
  seconds: 60,
  judge(object): Verdict {
    if (conditionIs(object, "NamesAccepted", "False")) {
      return failed(`its names are already in use: ${conditionText(object, "NamesAccepted")}`);
    }
    return conditionIs(object, "Established", "True") ? READY : waiting("the API server does not serve it yet");
  },
};

export const apiService: Readiness = {
  seconds: 600,
  judge(object): Verdict {
    return conditionIs(object, "Available", "True")
      ? READY
      : waiting(`its server does not answer yet: ${conditionText(object, "Available")}`);
  },
};

export const namespace: Readiness = {
  seconds: 60,
  judge(object): Verdict {
    const phase = textAt(object, "status", "phase");
    return phase === "Active" ? READY : waiting(`it is ${phase ?? "not active"}`);
  },
};

/** The cluster creates the token of a service account. Every other Secret is ready at once. */
export const secret: Readiness = {
  seconds: 60,
  judge(object): Verdict {
    const isToken = textAt(object, "type") === "kubernetes.io/service-account-token";
    return isToken && at(object, "data", "token") === undefined
      ? waiting("its service account token does not exist yet")
      : READY;
  },
};
