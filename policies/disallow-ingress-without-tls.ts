import { validateResourceOfType, type ResourceValidationPolicy } from "@pulumi/policy";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";

/**
 * Every host name of an Ingress is covered by one of its TLS entries, so that no door of the platform answers in clear.
 *
 * A rule without a host would answer for every name, and is refused as well.
 */
export const disallowIngressWithoutTls: ResourceValidationPolicy = {
  name: "disallow-ingress-without-tls",
  description: "Every host of an Ingress has a TLS entry.",
  enforcementLevel: "mandatory",
  validateResource: validateResourceOfType(Ingress, (ingress, _args, reportViolation) => {
    const covered = new Set((ingress.spec?.tls ?? []).flatMap((entry) => entry.hosts ?? []));
    for (const { host } of ingress.spec?.rules ?? []) {
      if (host === undefined) {
        reportViolation("an Ingress rule has no host and would answer for every name: give it one");
      } else if (!covered.has(host)) {
        reportViolation(`host ${host} is served without TLS: add it to spec.tls with a secretName`);
      }
    }
  }),
};
