import type { Identity, Session } from "@ory/kratos-client-fetch";
import { z } from "zod";
import { answerOr, Refused } from "./answers.ts";
import type { Services } from "./services.ts";

/** The traits that the pages know; an identity may have more. */
const traits = z.object({
  email: z.string(),
  name: z.object({ first: z.string().optional(), last: z.string().optional() }).optional(),
  language: z.string().optional(),
});

/** A person as Kratos knows them. */
export interface Person {
  readonly email: string;
  /** First and last name; undefined when neither is known. */
  readonly name: string | undefined;
  readonly language: string | undefined;
  /** E-mail addresses that the person has shown to be theirs, in lower case. */
  readonly verified: readonly string[];
}

export function personOf(identity: Identity): Person {
  const { email, name, language } = traits.parse(identity.traits);
  const fullName = [name?.first, name?.last].filter((part) => part !== undefined && part !== "").join(" ");
  const verified = (identity.verifiable_addresses ?? [])
    .filter((address) => address.via === "email" && address.verified)
    .map(({ value }) => value.toLowerCase());
  return { email, name: fullName === "" ? undefined : fullName, language, verified };
}

/** The language that a person chose; undefined when they chose none. */
export function chosenLanguage(identity: Identity | undefined): string | undefined {
  const { success, data } = traits.pick({ language: true }).safeParse(identity?.traits);
  return success ? data.language : undefined;
}

export const isVerified = ({ email, verified }: Person): boolean => verified.includes(email.toLowerCase());

/** The session of the browser that sent these cookies; a refusal when there is none, or when it needs a second step. */
export async function sessionOf({ frontend }: Services, cookie: string | undefined): Promise<Session | Refused> {
  if (cookie === undefined) {
    return new Refused({ status: 401, reason: "session_inactive", redirectTo: undefined });
  }
  return answerOr([401, 403], () => frontend.toSession({ cookie }));
}
