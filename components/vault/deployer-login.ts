import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { OperatorError } from "../errors/operator-error.ts";
import { connect } from "../kubernetes/kubeconfig.ts";
import { accountToken, KubernetesUnavailable } from "./account-token.ts";
import { HttpRefusal, postJson } from "./https-json.ts";
import { authMethods } from "./mounts.ts";
import { deployerName } from "./policies/deployer.ts";

/** What the deployer needs to log in to Vault. */
export interface DeployerAccess {
  /** Kubeconfig of a user who may request tokens of the deployer's service account. */
  readonly kubeconfig: string;
  /** Namespace of that service account. */
  readonly namespace: string;
  /** URL of Vault as the deployer reaches it. */
  readonly address: string;
  /** PEM certificate of the CA that signed Vault's; empty for a public one. */
  readonly caCertificate: string;
}

/** Files of one login. Their paths are relative to the program's folder, so that they do not depend on the machine. */
export interface VaultSessionFiles {
  readonly token: string;
  /** Undefined for a public CA. */
  readonly caCertificate: string | undefined;
}

/** Opens a session with Vault. */
export type OpenSession = (access: DeployerAccess) => Promise<VaultSessionFiles>;

/** Not committed: see .gitignore. */
const folder = ".session";

/** Total time and pause of the retries of a login, in milliseconds. */
export interface LoginRetry {
  readonly total: number;
  readonly pause: number;
}

/** A new ingress and its DNS name need a moment until they answer. */
const usualRetry: LoginRetry = { total: 180_000, pause: 1000 };

const loginAnswer = z.object({ auth: z.object({ client_token: z.string() }) });

async function login({ address, caCertificate }: DeployerAccess, jwt: string): Promise<string> {
  const url = new URL(`/v1/auth/${authMethods.kubernetes}/login`, address);
  const options = caCertificate === "" ? {} : { ca: caCertificate };
  return loginAnswer.parse(await postJson(url, { role: deployerName, jwt }, options)).auth.client_token;
}

/** Whether a retry cannot help: somebody must act, or Vault answered and refused. */
function isFinal(error: unknown): boolean {
  return error instanceof OperatorError || (error instanceof HttpRefusal && [400, 403].includes(error.status));
}

const vaultRemedy = `check that the name resolves to the platform, and that Vault runs and is unsealed: kubectl -n iam logs vault-0.
  If the log says "self-initialization failed", Vault was killed in its first second and is empty: delete the claims
  data-vault-0 and audit-vault-0, then the pod vault-0, and run pulumi up again`;

/** The error for the operator. It accuses the server that failed. */
function failure(cause: unknown, server: string, { address }: DeployerAccess): OperatorError {
  if (cause instanceof OperatorError) {
    return cause;
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  const parts =
    cause instanceof KubernetesUnavailable
      ? {
          what: `Kubernetes does not answer, so the deployer has no token for Vault: ${reason}`,
          where: server,
          remedy: "check that the cluster runs and that this machine reaches its API, then run pulumi up again",
        }
      : { what: `the deployer cannot log in to Vault: ${reason}`, where: address, remedy: vaultRemedy };
  return new OperatorError(parts, { cause });
}

/** Repeats a login until it succeeds, cannot succeed, or its time is over. */
async function retried<T>(
  { total, pause }: LoginRetry,
  attempt: () => Promise<T>,
  failureOf: (cause: unknown) => OperatorError,
): Promise<T> {
  const deadline = performance.now() + total;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (isFinal(cause) || performance.now() > deadline) {
        throw failureOf(cause);
      }
      await delay(pause);
    }
  }
}

/** Writes a file that only its owner can read. The file is written completely or not at all. */
async function writePrivate(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, text, { mode: 0o600 });
  await chmod(unfinished, 0o600);
  await rename(unfinished, file);
}

/**
 * Logs the deployer in, for an hour at most, and writes the token to a file for the provider.
 *
 * No token is an input of a resource: a new token would be a change at every run, and the state would hold a credential.
 *
 * @param retry - Default: retries every second for three minutes
 * @throws OperatorError when the kubeconfig is wrong, when Kubernetes or Vault refuses, or when one of them does not answer
 * in that time
 */
export async function openSession(access: DeployerAccess, retry: LoginRetry = usualRetry): Promise<VaultSessionFiles> {
  const { kubeconfig, namespace } = access;
  const source = { text: kubeconfig, folder: process.cwd(), origin: "the deployer's kubeconfig" };
  const cluster = await connect(source, {});
  const token = await retried(
    retry,
    async () => login(access, await accountToken(cluster, namespace)),
    (cause) => failure(cause, cluster.server, access),
  );
  const files: VaultSessionFiles = {
    token: join(folder, "vault-token"),
    caCertificate: access.caCertificate === "" ? undefined : join(folder, "vault-ca.pem"),
  };
  await writePrivate(files.token, token);
  if (files.caCertificate !== undefined) {
    await writePrivate(files.caCertificate, access.caCertificate);
  }
  return files;
}
