import { validateResourceOfType, type ResourceValidationPolicy } from "@pulumi/policy";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";

/**
 * Every host of an Ingress must be in one of its TLS entries, so that the platform serves nothing over plain HTTP.
 *
 * The policy also refuses a rule without a host, because it would apply to every host.
 */
export const disallowIngressWithoutTls: ResourceValidationPolicy = {
  name: "disallow-ingress-without-tls",
  description: "Every host of an Ingress has a TLS entry.",
  enforcementLevel: "mandatory",
  validateResource: validateResourceOfType(Ingress, (ingress, _args, reportViolation) => {
    const covered = new Set((ingress.spec?.tls ?? []).flatMap((entry) => entry.hosts ?? []));
    for (const { host } of ingress.spec?.rules ?? []) {
      if (host === undefined) {
        reportViolation("a rule of the Ingress has no host and would apply to every host: add a host");
      } else if (!covered.has(host)) {
        reportViolation(`host ${host} is served without TLS: add it to spec.tls with a secretName`);
      }
    }
  }),
};
