import { OperatorError } from "../errors/operator-error.ts";
import { ExecPlugin } from "./exec-plugin.ts";
import type { KubeconfigCluster, KubeconfigSource, KubeconfigUser } from "./kubeconfig-file.ts";

/** Headers of a request. A list is sent as several headers of the same name. */
export type RequestHeaders = Record<string, string | string[]>;

/** Reads a file that a kubeconfig names. */
export type ReadFile = (file: string) => Buffer;

/** Headers by which a user acts as another one (Kubernetes documentation, "User impersonation"). */
function impersonation(source: KubeconfigSource, user: KubeconfigUser): RequestHeaders {
  const { as, "as-uid": uid, "as-groups": groups, "as-user-extra": extra } = user;
  const further: RequestHeaders = {
    ...(uid ? { "impersonate-uid": uid } : {}),
    ...(groups && groups.length > 0 ? { "impersonate-group": groups } : {}),
    ...Object.fromEntries(
      Object.entries(extra ?? {}).map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, values]),
    ),
  };
  if (as) {
    return { "impersonate-user": as, ...further };
  }
  if (Object.keys(further).length > 0) {
    throw new OperatorError({
      what: "The kubeconfig has `as-uid`, `as-groups` or `as-user-extra`, and no `as`.",
      where: source.origin,
      remedy: "Add `as` with the name of the user to act as, or remove the others.",
    });
  }
  return {};
}

/** A file with a token is read for every request, because another program renews it. It has precedence, as in client-go. */
async function authorization(
  user: KubeconfigUser,
  plugin: ExecPlugin | undefined,
  read: ReadFile,
): Promise<string | undefined> {
  const written = user.tokenFile ? read(user.tokenFile).toString() : user.token;
  const token = written ? written : await plugin?.token();
  if (token) {
    return `Bearer ${token.trim()}`;
  }
  return user.username
    ? `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`
    : undefined;
}

/**
 * The headers by which a user of a kubeconfig signs in.
 *
 * @throws OperatorError when the user acts as another one without its name
 */
export function credentials(
  source: KubeconfigSource,
  cluster: KubeconfigCluster,
  user: KubeconfigUser,
  read: ReadFile,
): () => Promise<RequestHeaders> {
  const acting = impersonation(source, user);
  const plugin = user.exec ? new ExecPlugin(user.exec, cluster, source) : undefined;
  return async () => {
    const value = await authorization(user, plugin, read);
    return { ...(value === undefined ? {} : { authorization: value }), ...acting };
  };
}
