import { answerOr, Refused } from "./answers.ts";
import type { Context } from "./request.ts";

/** Creates an account without a password, unless the address has one. @returns whether Kratos accepts the traits */
export async function ensureAccount(traits: object, { services, config }: Context): Promise<boolean> {
  const body = { schema_id: config.kratos.schema, traits };
  const created = await answerOr([400, 409], () => services.identities.createIdentity({ createIdentityBody: body }));
  return !(created instanceof Refused) || created.refusal.status === 409;
}
