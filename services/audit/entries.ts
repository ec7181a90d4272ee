import { z } from "zod";

const auth = z.object({
  display_name: z.string().default(""),
  policies: z.array(z.string()).default([]),
  metadata: z.record(z.string(), z.string()).nullish(),
});

/** The answer to a request, as Vault's audit device writes it. Secret values in it are hashes. */
const answer = z.object({
  type: z.literal("response"),
  time: z.string(),
  auth: auth.nullish(),
  error: z.string().default(""),
  request: z.object({ operation: z.string(), path: z.string(), remote_address: z.string().default("") }),
});

/** A request that Vault answered. */
export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Such as `read`, `create`, `update` or `delete`. */
  readonly operation: string;
  /** Path of the API. */
  readonly path: string;
  /** The e-mail address of a person, the service account of a program, or the name of a login; empty for nobody. */
  readonly who: string;
  readonly policies: readonly string[];
  /** Address from which Vault got the request: that of the ingress for everybody outside of the cluster. */
  readonly from: string;
  readonly isRefused: boolean;
}

function nameOf({ display_name, metadata }: z.output<typeof auth>): string {
  const { email, service_account_name: account, service_account_namespace: namespace } = metadata ?? {};
  return email ?? (account === undefined ? display_name : `${namespace ?? ""}/${account}`);
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The entries in a log of Vault. Other lines, such as those of the server itself, are left out. */
export function entriesIn(log: string): AuditEntry[] {
  return log.split("\n").flatMap((line) => {
    const { success, data } = answer.safeParse(json(line));
    return success
      ? [
          {
            time: data.time.slice(0, "2026-01-01T00:00:00".length) + "Z",
            operation: data.request.operation,
            path: data.request.path,
            who: data.auth ? nameOf(data.auth) : "",
            policies: data.auth?.policies ?? [],
            from: data.request.remote_address,
            isRefused: data.error !== "",
          },
        ]
      : [];
  });
}

/** Paths of the key-value engine (version 2) below its mount, at which a secret is read and changed. */
const secretPaths = ["data", "metadata", "subkeys", "delete", "undelete", "destroy"];

/** The entries about one path of Vault, or about one secret as `bao kv` names it: `kv/oauth/iam/reports`. */
export function entriesAbout(entries: readonly AuditEntry[], path: string): AuditEntry[] {
  const [mount = "", ...rest] = path.split("/");
  const paths = new Set([path, ...secretPaths.map((part) => [mount, part, ...rest].join("/"))]);
  return entries.filter((entry) => paths.has(entry.path));
}
