import { OperatorError } from "../../../components/errors/operator-error.ts";
import { reasonsIn, type VaultAnswer } from "./exchange.ts";
import type { VaultSettings } from "./settings.ts";

function remedyFor(status: number, reasons: string, path: string, settings: VaultSettings): string {
  if (status === 307) {
    return "check that a server of Vault is active, and that its servers reach each other";
  }
  if (reasons.includes("check-and-set")) {
    return "another process wrote this secret at the same time: run again";
  }
  if (path === `auth/${settings.authMount}/login`) {
    return `check that auth/${settings.authMount} has the role ${settings.role} for this service account and audience`;
  }
  if (status === 403) {
    return `let the policy of role ${settings.role} do this on "${path}"`;
  }
  if (status === 404) {
    return `mount a KV engine of version 2 at ${settings.kvMount}`;
  }
  return reasons.includes("sealed") ? "unseal Vault" : "read Vault's log for the cause";
}

/** The error when Vault answers a request and refuses it. */
export function refusal(answer: VaultAnswer, method: string, path: string, settings: VaultSettings): OperatorError {
  const reasons = reasonsIn(answer);
  return new OperatorError({
    what: `Vault refused ${method} ${path} (${answer.status}): ${reasons === "" ? "no reason given" : reasons}`,
    where: `${settings.address}, role ${settings.role}`,
    remedy: remedyFor(answer.status, reasons, path, settings),
  });
}
