import type { Identity, Session } from "@ory/kratos-client-fetch";
import { z } from "zod";
import { answerOr, Refused } from "./answers.ts";
import type { Services } from "./services.ts";

/** The traits of an identity. */
const traits = z.object({
  email: z.string(),
  name: z.object({ first: z.string().optional(), last: z.string().optional() }).optional(),
  organisation: z.string().optional(),
  language: z.string().optional(),
});

export type Traits = z.output<typeof traits>;

export const traitsOf = (identity: Identity): Traits => traits.parse(identity.traits);

/** A person, from Kratos' identity. */
export interface Person {
  readonly email: string;
  /** First and last name; undefined when Kratos has neither. */
  readonly name: string | undefined;
  readonly language: string | undefined;
  /** Verified e-mail addresses, in lower case. */
  readonly verified: readonly string[];
}

export function personOf(identity: Identity): Person {
  const { email, name, language } = traitsOf(identity);
  const fullName = [name?.first, name?.last].filter((part) => part !== undefined && part !== "").join(" ");
  const verified = (identity.verifiable_addresses ?? [])
    .filter((address) => address.via === "email" && address.verified)
    .map(({ value }) => value.toLowerCase());
  return { email, name: fullName === "" ? undefined : fullName, language, verified };
}

export const isVerified = ({ email, verified }: Person): boolean => verified.includes(email.toLowerCase());

/** Whether the person entered a second factor in this session. */
export const hasSecondFactor = ({ authenticator_assurance_level: level }: Session): boolean => level === "aal2";

/** The session that the cookies belong to; a refusal when there is none, or when it needs a second factor. */
export async function sessionOf({ frontend }: Services, cookie: string | undefined): Promise<Session | Refused> {
  if (cookie === undefined) {
    return new Refused({ status: 401, reason: "session_inactive", redirectTo: undefined });
  }
  return answerOr([401, 403], () => frontend.toSession({ cookie }));
}
