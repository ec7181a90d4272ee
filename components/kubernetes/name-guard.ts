import type * as pulumi from "@pulumi/pulumi";
import { AdmissionGuard, cel, deny } from "./admission-guard.ts";
import { hostsAnnotation } from "./model.ts";

export interface NameGuardArgs {
  /** Domain of the platform. A namespace uses a name of this domain only if its annotation `bibind.com/hosts` has the name. */
  readonly domain: string;
  /** ClusterIssuers that sign these names, and names of Services of the own namespace, and nothing else. */
  readonly issuers: readonly string[];
  /** Namespace of cert-manager, which alone sends requests to these issuers. */
  readonly certManager: string;
}

/** Everybody but administrators of the cluster, and so everybody but the deployer. */
const groups = "request.userInfo.?groups.orValue([])";
const noAdministrators = { name: "no-administrators", expression: `!("system:masters" in ${groups})` };

/** Controllers may change an object outside of its spec, also if it is older than the rule. */
const sameSpec = 'request.operation == "UPDATE" && oldObject.spec == object.spec';

function writesOf(apiGroups: readonly string[], resources: readonly string[]): object {
  return { resourceRules: [{ apiGroups, apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources }] };
}

function refusal(broken: string, message: string): object {
  return { expression: `(${sameSpec}) || !(${broken})`, message, reason: "Forbidden" };
}

/** The host names of the object's namespace. */
const hosts = {
  name: "hosts",
  expression: `namespaceObject.metadata.?annotations[?${cel(hostsAnnotation)}].orValue("").split(",").filter(host, host != "")`,
};

/** Whether a host of an Ingress takes requests that can be for the platform. An empty one takes those for every host. */
function isForeign(host: string, domain: string): string {
  const own = cel(domain);
  return (
    `!(${host} in variables.hosts) && (${host} == "" || ${host} == ${own} || ${host}.endsWith("." + ${own}) || ` +
    `(${host}.startsWith("*") && ${own}.endsWith(${host}.substring(1))))`
  );
}

const matcher = "traefik.ingress.kubernetes.io/router.pathmatcher";

function ingresses(domain: string): object {
  const ofRule = isForeign('rule.?host.orValue("")', domain);
  const ofTls = `each.?hosts.orValue([]).exists(host, ${isForeign("host", domain)})`;
  const rules = "object.spec.?rules.orValue([])";
  const isQuoted = `${rules}.exists(rule, rule.?http.paths.orValue([]).exists(each, each.?path.orValue("").contains("\`")))`;
  const isMatcher = `object.metadata.?annotations.orValue({}).exists(key, key.lowerAscii() == ${cel(matcher)})`;
  return {
    matchConstraints: writesOf(["networking.k8s.io", "extensions"], ["ingresses"]),
    matchConditions: [noAdministrators],
    variables: [hosts],
    validations: [
      refusal(
        `has(object.spec.defaultBackend) || ${rules}.exists(rule, ${ofRule}) || object.spec.?tls.orValue([]).exists(each, ${ofTls})`,
        `This namespace does not have such a host. Name each host; those of ${domain} belong to the namespaces whose layers declare them.`,
      ),
      {
        // Traefik writes both into the text of its rule, where they can name another host.
        expression: `!(${isQuoted}) && !(${isMatcher})`,
        message: `An Ingress has no \` in its paths, and no annotation ${matcher}.`,
        reason: "Forbidden",
      },
    ],
  };
}

/** Traefik's own routes match any host, its TLS objects with the name `default` are for all hosts. */
const routes = {
  matchConstraints: writesOf(
    ["traefik.io", "traefik.containo.us"],
    ["ingressroutes", "ingressroutetcps", "ingressrouteudps", "tlsoptions", "tlsstores"],
  ),
  matchConditions: [noAdministrators],
  validations: [refusal("true", "Only administrators of the cluster make this object. Use an Ingress.")],
};

/** A Service with an address of the node takes the connections to it (CVE-2020-8554). */
const services = {
  matchConstraints: writesOf([""], ["services"]),
  matchConditions: [noAdministrators],
  validations: [
    refusal("size(object.spec.?externalIPs.orValue([])) > 0", "A Service has no externalIPs. Use an Ingress."),
  ],
};

/** Whether an object of cert-manager asks one of the platform's issuers. */
function isSignedBy(issuers: readonly string[]): object {
  const issuer = "object.spec.issuerRef";
  const expression = `${issuer}.?kind.orValue("") == "ClusterIssuer" && ${issuer}.name in ${cel(issuers)}`;
  return { name: "platform-issuers", expression };
}

function certificates(issuers: readonly string[]): object {
  const isOwn = (name: string): string =>
    `(${name} in variables.hosts || ${name}.endsWith("." + request.namespace + ".svc"))`;
  const kinds = ["ipAddresses", "uris", "emailAddresses", "emailSANs", "otherNames"];
  const others = kinds.map((kind) => `size(object.spec.?${kind}.orValue([])) > 0`);
  const commonName = 'object.spec.?commonName.orValue("")';
  return {
    matchConstraints: writesOf(["cert-manager.io"], ["certificates"]),
    matchConditions: [noAdministrators, isSignedBy(issuers)],
    variables: [hosts],
    validations: [
      refusal("object.spec.?isCA.orValue(false)", "The platform signs no certificate of another authority."),
      refusal(
        `object.spec.?dnsNames.orValue([]).exists(name, !${isOwn("name")}) || (${commonName} != "" && !${isOwn(commonName)})`,
        "This namespace has no such name: it has the hosts that its layer declares, and SERVICE.NAMESPACE.svc.",
      ),
      refusal(
        `${others.join(" || ")} || object.spec.?literalSubject.orValue("") != ""`,
        "The platform signs DNS names only.",
      ),
    ],
  };
}

/** A request holds what cert-manager signs as it is, and no rule can read it. */
function requests({ issuers, certManager }: NameGuardArgs): object {
  const isOther = `!(${cel(`system:serviceaccounts:${certManager}`)} in ${groups})`;
  return {
    matchConstraints: writesOf(
      ["cert-manager.io", "acme.cert-manager.io"],
      ["certificaterequests", "orders", "challenges"],
    ),
    matchConditions: [noAdministrators, { name: "others", expression: isOther }, isSignedBy(issuers)],
    validations: [refusal("true", "Only cert-manager sends a request to this issuer. Make a Certificate.")],
  };
}

/**
 * Binds the hosts of the platform, and the certificates of its authorities, to the namespaces that have them: a role in one
 * namespace gives nobody the names of another one.
 */
export class NameGuard extends AdmissionGuard {
  constructor(name: string, args: NameGuardArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:NameGuard", name, opts);
    this.policy("ingresses", ingresses(args.domain), deny);
    this.policy("routes", routes, deny);
    this.policy("services", services, deny);
    this.policy("certificates", certificates(args.issuers), deny);
    this.policy("requests", requests(args), deny);
    this.registerOutputs({});
  }
}
