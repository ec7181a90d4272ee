import { valueAt } from "../settings/schema.ts";
import { rule, type Breach } from "../settings/values.ts";

const list = (given: unknown, ...path: readonly PropertyKey[]): readonly unknown[] => {
  const value = valueAt(given, path);
  return Array.isArray(value) ? value : [];
};

const isAdopted = (given: unknown): boolean => valueAt(given, ["cluster", "kubeconfig"]) !== undefined;

/** A cluster is installed on `host`, or an existing one is adopted. Only machines of an installed one can join it. */
export const clusterOnHost = rule((given) => {
  const isHostMissing = valueAt(given, ["host"]) === undefined;
  const isWithoutFirst = list(given, "cluster", "nodes").length > 0 && (isHostMissing || isAdopted(given));
  return [
    ...(isWithoutFirst
      ? [
          {
            path: ["cluster", "nodes"],
            message: "machines can only join a cluster that is installed on `host`, without cluster.kubeconfig",
          },
        ]
      : []),
    ...(isHostMissing && !isAdopted(given)
      ? [
          {
            path: ["host"],
            message: "missing; give the server to install on, or cluster.kubeconfig of an existing cluster",
          },
        ]
      : []),
  ];
});

export const everyMachineOnce = rule((given) => {
  const nodes = list(given, "cluster", "nodes").map((node) => valueAt(node, ["address"]));
  const machines = [valueAt(given, ["host", "address"]), ...nodes];
  return machines.flatMap((address, index) => {
    const first = machines.indexOf(address);
    const holder = first === 0 ? "`host`" : `cluster.nodes[${first - 1}]`;
    return typeof address !== "string" || first === index
      ? []
      : [{ path: ["cluster", "nodes", index - 1, "address"], message: `${holder} is the same machine` }];
  });
});

/**
 * The machines of a cluster reach each other on many ports, UDP too (MicroK8s, "Services and ports"), which only a trusted
 * network opens.
 */
export const machinesTrustEachOther = rule((given) => {
  const nodes = list(given, "cluster", "nodes");
  const machines = [["host"], ...nodes.map((_, index) => ["cluster", "nodes", index])];
  return nodes.length === 0 || isAdopted(given) || valueAt(given, ["host"]) === undefined
    ? []
    : machines
        .map((machine) => [...machine, "hardening", "firewall", "trustedNetworks"])
        .filter((path) => list(given, ...path).length === 0)
        .map((path) => ({
          path,
          message: "missing; the machines of the cluster must reach each other, so name their network here",
        }));
});

/** Ports of the first machine that cannot be closed to everybody. */
export const neededPorts = rule((given): Breach[] => {
  const path = ["host", "hardening", "firewall", "allowedTcpPorts"];
  const allowed = valueAt(given, path);
  const trusted = list(given, "host", "hardening", "firewall", "trustedNetworks");
  if (!Array.isArray(allowed)) {
    return [];
  }
  const isPublic = valueAt(given, ["certificates", "issuer"]) === "acme";
  const api =
    "16443 is missing: the deployer reaches the Kubernetes API there; add it, or your network to trustedNetworks";
  return [
    ...(isPublic && !allowed.includes(80)
      ? [{ path, message: "80 is missing: the public CA asks the host there" }]
      : []),
    ...(!isAdopted(given) && trusted.length === 0 && !allowed.includes(16443) ? [{ path, message: api }] : []),
  ];
});

/** The addons that the foundation itself uses. An existing cluster brings its own. */
export const neededAddons = rule((given) => {
  const path = ["cluster", "addons"];
  const enabled = valueAt(given, path);
  const uses = [
    ["cert-manager", "certificates come from it"],
    ["ingress", "people reach every page through it"],
  ];
  return isAdopted(given) || !Array.isArray(enabled)
    ? []
    : uses.flatMap(([addon, use]) =>
        enabled.includes(addon) ? [] : [{ path, message: `${addon} is missing: ${use}` }],
      );
});
