import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { KubernetesSecret } from "./kubernetes-secret.ts";

/** A JSON list, as a string. */
const recoveryKeys = z.string().min(3);
const rootToken = z.string().min(1);

/** Progress of an initialisation. Each state is saved before the next step begins, so that the next run can resume. */
const savedResult = z.discriminatedUnion("state", [
  /** The request to Vault is about to be sent. */
  z.object({ state: z.literal("initialising") }),
  /** Vault is initialised, and this is its answer. */
  z.object({ state: z.literal("initialised"), recoveryKeys, rootToken }),
  /** The root token is no longer needed, and is about to be revoked. */
  z.object({ state: z.literal("configured"), recoveryKeys, rootToken }),
  z.object({ state: z.literal("done"), recoveryKeys }),
]);

export type SavedResult = z.output<typeof savedResult>;

/**
 * The progress that the Secret records; undefined when there is no Secret.
 *
 * @throws OperatorError when the Secret contains something else
 */
export async function readResult(secret: KubernetesSecret): Promise<SavedResult | undefined> {
  const values = await secret.read();
  if (values === undefined) {
    return undefined;
  }
  const { success, data } = savedResult.safeParse(values);
  if (!success) {
    throw new OperatorError({
      what: "the Secret does not contain what an initialisation of Vault writes",
      where: secret.where,
      remedy: "restore it from a backup; delete it only if no Vault belongs to it",
    });
  }
  return data;
}
