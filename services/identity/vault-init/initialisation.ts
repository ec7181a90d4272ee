import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Log } from "../log.ts";
import type { FirstRequest, VaultInitConfig } from "./config.ts";
import type { KubernetesSecret } from "./kubernetes-secret.ts";
import type { NewVault } from "./new-vault.ts";
import { readResult, type SavedResult } from "./saved-result.ts";

/** What an initialisation works with. */
export interface InitialisationParts {
  readonly vault: NewVault;
  readonly secret: KubernetesSecret;
  readonly log: Log;
}

type Initialised = Extract<SavedResult, { state: "initialised" }>;
type Configured = Extract<SavedResult, { state: "configured" }>;

/** Either Vault lost its volume, or the Secret belongs to another Vault. Only a person can decide which. */
function keysOfAnotherVault(secret: KubernetesSecret): OperatorError {
  return new OperatorError({
    what: "Vault is empty, but the Secret contains the recovery keys of an earlier Vault",
    where: secret.where,
    remedy: "restore the earlier volume of Vault; if it is lost, delete the Secret and run again",
  });
}

/** Such a Vault may contain everything, so the remedy never deletes anything. */
function keysUnknown(secret: KubernetesSecret): OperatorError {
  const { namespace, name } = secret.name;
  return new OperatorError({
    what: "Vault is initialised, but the Secret does not exist: it was deleted, or somebody else initialised Vault",
    where: secret.where,
    remedy: `restore it from a backup, or create it from the recovery keys (a JSON list) that you keep:
  kubectl -n ${namespace} create secret generic ${name} --from-literal=state=done --from-file=recoveryKeys=FILE`,
  });
}

function resultLost(secret: KubernetesSecret): OperatorError {
  const { namespace, name } = secret.name;
  return new OperatorError({
    what: "Vault was initialised and the result was lost before it was saved; nothing is stored in Vault yet",
    where: secret.where,
    remedy: `check that no other pod of this task runs, then start over:
  kubectl -n ${namespace} delete secret ${name}
  delete the claims data-vault-* and the pods vault-* of ${namespace}, and run again`,
  });
}

/** Vault shows its keys only once, so the run first proves that it can save them. */
async function initialise(
  recovery: VaultInitConfig["recovery"],
  saved: SavedResult | undefined,
  { vault, secret, log }: InitialisationParts,
): Promise<Initialised> {
  const firstState = { state: "initialising" };
  if (saved === undefined) {
    await secret.create(firstState);
  }
  await secret.merge(firstState);
  const { recoveryKeys, rootToken } = await vault.initialise(recovery);
  const result = { state: "initialised", recoveryKeys: JSON.stringify(recoveryKeys), rootToken } as const;
  await secret.merge(result);
  log.info({ secret: secret.name, ...recovery }, "Vault initialised, its recovery keys saved");
  return result;
}

/** The audit device comes first, so that the audit log contains all other requests. */
function firstRequests({ auditFile, requests }: VaultInitConfig): readonly FirstRequest[] {
  const audit = {
    name: "audit",
    path: "sys/audit/file",
    data: { type: "file", description: "every request and answer", options: { file_path: auditFile } },
  };
  return [audit, ...requests];
}

async function configure(
  config: VaultInitConfig,
  saved: Initialised,
  { vault, secret, log }: InitialisationParts,
): Promise<Configured> {
  await vault.waitUntilServing();
  for (const request of firstRequests(config)) {
    const isNew = await vault.apply(request, saved.rootToken);
    log.info({ request: request.name }, isNew ? "done" : "exists already");
  }
  await secret.merge({ state: "configured" });
  return { ...saved, state: "configured" };
}

async function revokeRoot({ rootToken }: Configured, { vault, secret, log }: InitialisationParts): Promise<void> {
  await vault.waitUntilServing();
  await vault.revoke(rootToken);
  await secret.merge({ state: "done", rootToken: null });
  log.info("root token revoked");
}

/**
 * Initialises Vault, configures the login of the deployer and revokes the root token. It resumes where an earlier run ended.
 *
 * @throws OperatorError when the result of an initialisation was lost, does not exist, or belongs to another Vault
 */
export async function initialiseVault(config: VaultInitConfig, parts: InitialisationParts): Promise<void> {
  const { vault, secret, log } = parts;
  let saved = await readResult(secret);
  if (!(await vault.isInitialised())) {
    if (saved !== undefined && saved.state !== "initialising") {
      throw keysOfAnotherVault(secret);
    }
    saved = await initialise(config.recovery, saved, parts);
  }
  if (saved === undefined) {
    throw keysUnknown(secret);
  }
  if (saved.state === "initialising") {
    throw resultLost(secret);
  }
  if (saved.state === "done") {
    log.info("Vault is initialised already");
    return;
  }
  await revokeRoot(saved.state === "initialised" ? await configure(config, saved, parts) : saved, parts);
}
