import { z } from "zod";
import { ensureAccount } from "./accounts.ts";
import { answerOr, Refused } from "./answers.ts";
import type { Owner } from "./owner.ts";
import { isVerified, personOf } from "./person.ts";
import type { Context } from "./request.ts";

/** A code that Kratos sent to an address, and the session that asked for it. */
export const addressProof = z.object({
  /** Id of Kratos' recovery of the address. */
  flow: z.string(),
  email: z.string(),
  session: z.string(),
});

export type AddressProof = z.output<typeof addressProof>;

/**
 * Lets Kratos send a code to an address that a person wants to have. It is the code of a registration: the address gets an
 * account without a password, unless it has one, so neither the answer nor the mail says whether it had one.
 *
 * @returns undefined when Kratos does not accept the address
 */
export async function requestProof(email: string, owner: Owner, context: Context): Promise<AddressProof | undefined> {
  const { frontend } = context.services;
  if (!(await ensureAccount({ ...owner.traits, email }, context))) {
    return undefined;
  }
  const { id: flow } = await frontend.createNativeRecoveryFlow();
  await frontend.updateRecoveryFlow({ flow, updateRecoveryFlowBody: { method: "code", email } });
  return { flow, email, session: owner.session.id };
}

/** `taken`: another account has the address. `over`: no further code is accepted. */
export type AddressChange = "changed" | "taken" | "wrong" | "over";

/** Whether Kratos accepts a code; it answers with the page at which the recovery would continue. */
async function codeFault(
  { flow }: AddressProof,
  code: string,
  { services }: Context,
): Promise<"wrong" | "over" | undefined> {
  const body = { method: "code", code } as const;
  const answer = await answerOr([303, 400, 403, 404, 410, 422], () =>
    services.frontend.updateRecoveryFlow({ flow, updateRecoveryFlowBody: body }),
  );
  if (!(answer instanceof Refused)) {
    return "wrong";
  }
  return answer.refusal.status === 422 ? undefined : "over";
}

/**
 * Gives an account the address whose code the person entered. The other sessions of the account end.
 *
 * @param cookie - cookies of the browser
 */
export async function changeAddress(
  proof: AddressProof,
  code: string,
  owner: Owner,
  cookie: string | undefined,
  context: Context,
): Promise<AddressChange> {
  const { identities, frontend } = context.services;
  const email = proof.email.toLowerCase();
  const [holder] = await identities.listIdentities({ credentialsIdentifier: email });
  const isOwn = holder?.id === owner.identity.id;
  // Before the code is entered: the code makes every address a verified one.
  const isTaken = holder !== undefined && !isOwn && isVerified(personOf(holder));
  const fault = holder === undefined ? "over" : await codeFault(proof, code, context);
  if (fault !== undefined || isTaken) {
    return fault ?? "taken";
  }
  if (holder !== undefined && !isOwn) {
    await identities.deleteIdentity({ id: holder.id });
    const verified = [{ value: email, via: "email", verified: true, status: "completed" }];
    await identities.patchIdentity({
      id: owner.identity.id,
      jsonPatch: [
        { op: "replace", path: "/traits/email", value: proof.email },
        { op: "add", path: "/verifiable_addresses", value: verified },
      ],
    });
  }
  await frontend.disableMyOtherSessions({ cookie });
  return "changed";
}
