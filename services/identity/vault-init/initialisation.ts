import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Log } from "../log.ts";
import type { FirstRequest, VaultInitConfig } from "./config.ts";
import { readResult, type KeptResult } from "./kept-result.ts";
import type { KubernetesSecret } from "./kubernetes-secret.ts";
import type { NewVault } from "./new-vault.ts";

/** What an initialisation works on. */
export interface Sides {
  readonly vault: NewVault;
  readonly secret: KubernetesSecret;
  readonly log: Log;
}

type Initialised = Extract<KeptResult, { state: "initialised" }>;
type Configured = Extract<KeptResult, { state: "configured" }>;

/** The Secret outlived the Vault that it belongs to, or Vault lost its volume: which of both, only people can know. */
function keysOfAnother(secret: KubernetesSecret): OperatorError {
  return new OperatorError({
    what: "Vault holds nothing, but the Secret holds the recovery keys of a Vault that was there before",
    where: secret.where,
    remedy: "give Vault its former volume back; or, if that is gone for good, delete the Secret and run again",
  });
}

/** Such a Vault may hold everything, so nobody is told to empty it. */
function keysUnknown(secret: KubernetesSecret): OperatorError {
  const { namespace, name } = secret.name;
  return new OperatorError({
    what: "Vault is initialised, but the Secret is not there: it was deleted, or somebody else initialised Vault",
    where: secret.where,
    remedy: `restore it from a backup, or make it of the recovery keys (a JSON list) that you keep:
  kubectl -n ${namespace} create secret generic ${name} --from-literal=state=done --from-file=recoveryKeys=FILE`,
  });
}

function resultLost(secret: KubernetesSecret): OperatorError {
  const { namespace, name } = secret.name;
  return new OperatorError({
    what: "Vault was initialised and the result was lost before it was saved; nothing is stored in Vault yet",
    where: secret.where,
    remedy: `see that no other pod of this task runs, then begin anew:
  kubectl -n ${namespace} delete secret ${name}
  delete the claims data-vault-* and the pods vault-* of ${namespace}, and run again`,
  });
}

/** Vault's keys are told once: that they can be saved is proved before they are asked for. */
async function initialise(
  recovery: VaultInitConfig["recovery"],
  known: KeptResult | undefined,
  { vault, secret, log }: Sides,
): Promise<Initialised> {
  const claim = { state: "initialising" };
  if (known === undefined) {
    await secret.create(claim);
  }
  await secret.merge(claim);
  const { recoveryKeys, rootToken } = await vault.initialise(recovery);
  const result = { state: "initialised", recoveryKeys: JSON.stringify(recoveryKeys), rootToken } as const;
  await secret.merge(result);
  log.info({ secret: secret.name, ...recovery }, "Vault initialised, its recovery keys saved");
  return result;
}

/** The audit log comes first: what is done after it is in it. */
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
  held: Initialised,
  { vault, secret, log }: Sides,
): Promise<Configured> {
  await vault.untilServing();
  for (const request of firstRequests(config)) {
    const isNew = await vault.bringAbout(request, held.rootToken);
    log.info({ request: request.name }, isNew ? "done" : "there already");
  }
  await secret.merge({ state: "configured" });
  return { ...held, state: "configured" };
}

async function revokeRoot({ rootToken }: Configured, { vault, secret, log }: Sides): Promise<void> {
  await vault.untilServing();
  await vault.revoke(rootToken);
  await secret.merge({ state: "done", rootToken: null });
  log.info("root token revoked");
}

/**
 * Initialises Vault, lets the deployer in and revokes the root token; or goes on with what a run before did of it.
 *
 * @throws OperatorError when the result of an initialisation was lost, is not there, or belongs to another Vault
 */
export async function bringAbout(config: VaultInitConfig, sides: Sides): Promise<void> {
  const { vault, secret, log } = sides;
  let held = await readResult(secret);
  if (!(await vault.isInitialised())) {
    if (held !== undefined && held.state !== "initialising") {
      throw keysOfAnother(secret);
    }
    held = await initialise(config.recovery, held, sides);
  }
  if (held === undefined) {
    throw keysUnknown(secret);
  }
  if (held.state === "initialising") {
    throw resultLost(secret);
  }
  if (held.state === "done") {
    log.info("Vault is initialised already");
    return;
  }
  await revokeRoot(held.state === "initialised" ? await configure(config, held, sides) : held, sides);
}
