import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { KubernetesSecret } from "./kubernetes-secret.ts";

/** A JSON list, as a text. */
const recoveryKeys = z.string().min(3);
const rootToken = z.string().min(1);

/**
 * How far an initialisation has come. Each step is noted before the next one begins, so that a run that is killed between
 * two of them is gone on with by the next.
 */
const keptResult = z.discriminatedUnion("state", [
  /** Vault is about to be initialised. */
  z.object({ state: z.literal("initialising") }),
  /** It is, and this is what it told. */
  z.object({ state: z.literal("initialised"), recoveryKeys, rootToken }),
  /** The root token has nothing more to do, and is about to be revoked. */
  z.object({ state: z.literal("configured"), recoveryKeys, rootToken }),
  z.object({ state: z.literal("done"), recoveryKeys }),
]);

export type KeptResult = z.output<typeof keptResult>;

/**
 * What the Secret says of the initialisation; undefined where there is no Secret.
 *
 * @throws OperatorError when it holds something else
 */
export async function readResult(secret: KubernetesSecret): Promise<KeptResult | undefined> {
  const values = await secret.read();
  if (values === undefined) {
    return undefined;
  }
  const { success, data } = keptResult.safeParse(values);
  if (!success) {
    throw new OperatorError({
      what: "the Secret does not hold what an initialisation of Vault writes",
      where: secret.where,
      remedy: "restore it from a backup; delete it only if there is no Vault that it belongs to",
    });
  }
  return data;
}
