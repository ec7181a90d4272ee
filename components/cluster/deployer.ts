import { OperatorError } from "../errors/operator-error.ts";

/**
 * The user as which the platform is deployed. It has the rights of an administrator, but another name, so that the cluster
 * can tell the deployer from people who use the administrator's kubeconfig.
 */
export const deployer = { user: "bibind:deployer", groups: ["system:masters"] } as const;

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function asDeployer(entry: unknown): unknown {
  if (!isMap(entry)) {
    return entry;
  }
  const user = isMap(entry["user"]) ? entry["user"] : {};
  if (user["as"] !== undefined) {
    throw new OperatorError({
      what: "the kubeconfig acts as another user (`as`), so the deployer cannot have a name of its own",
      where: "the administrator's kubeconfig",
      remedy: "give a kubeconfig of an administrator who may impersonate users, without `as`",
    });
  }
  return { ...entry, user: { ...user, as: deployer.user, "as-groups": [...deployer.groups] } };
}

/**
 * The kubeconfig with which the administrator acts as the deployer ("User impersonation" in the Kubernetes documentation).
 * The API server's audit log has both names.
 *
 * @param administrator - kubeconfig in YAML or JSON; a text that is none is returned as it is, and refused where it is used
 * @throws OperatorError when the kubeconfig acts as another user already
 */
export async function deployerKubeconfig(administrator: string): Promise<string> {
  const { parse, stringify } = await import("yaml");
  const config: unknown = parse(administrator);
  if (!isMap(config) || !Array.isArray(config["users"])) {
    return administrator;
  }
  return stringify({ ...config, users: config["users"].map(asDeployer) });
}
