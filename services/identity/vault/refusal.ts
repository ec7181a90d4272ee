import { z } from "zod";
import { OperatorError } from "../../../components/operator-error.ts";
import type { VaultSettings } from "./settings.ts";

const refusalBody = z.object({ errors: z.array(z.string()) });

function remedyFor(status: number, reasons: string, path: string, settings: VaultSettings): string {
  if (reasons.includes("check-and-set")) {
    return "another run wrote this secret at the same time: run again";
  }
  if (path === `auth/${settings.authMount}/login`) {
    return `check that auth/${settings.authMount} has the role ${settings.role} for this service account and audience`;
  }
  if (status === 403) {
    return `give the policy of role ${settings.role} what it needs on "${path}"`;
  }
  if (status === 404) {
    return `mount a KV engine of version 2 at ${settings.kvMount}`;
  }
  return reasons.includes("sealed") ? "unseal Vault" : "look into Vault's own log for the cause";
}

/** Vault answered, and the answer is no. */
export function refusal(
  answer: { readonly status: number; readonly body: unknown },
  method: string,
  path: string,
  settings: VaultSettings,
): OperatorError {
  const body = refusalBody.safeParse(answer.body);
  const reasons = body.success ? body.data.errors.map((error) => error.replaceAll(/\s+/g, " ").trim()).join("; ") : "";
  return new OperatorError({
    what: `Vault refused ${method} ${path} (${answer.status}): ${reasons === "" ? "no reason given" : reasons}`,
    where: `${settings.address}, role ${settings.role}`,
    remedy: remedyFor(answer.status, reasons, path, settings),
  });
}
