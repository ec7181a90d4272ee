import { validateResourceOfType, type ResourceValidationPolicy } from "@pulumi/policy";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";

/** Annotation by which Traefik chooses the entry points of an Ingress. Without it, an Ingress is served on all of them. */
const entryPoints = "traefik.ingress.kubernetes.io/router.entrypoints";

/** No Ingress is served on port 80, where requests and their passwords are readable on the way. */
export const disallowPlainHttp: ResourceValidationPolicy = {
  name: "disallow-plain-http",
  description: "No Ingress is served on port 80.",
  enforcementLevel: "mandatory",
  validateResource: validateResourceOfType(Ingress, (ingress, _args, reportViolation) => {
    if (ingress.metadata?.annotations?.[entryPoints] !== "websecure") {
      reportViolation(`the Ingress is served on port 80 too: add the annotation ${entryPoints}: websecure`);
    }
  }),
};
