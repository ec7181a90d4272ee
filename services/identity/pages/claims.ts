import { roles, type PagesConfig, type Role } from "./config.ts";
import { isVerified, type Person } from "./person.ts";

/** Claims of an ID token about a person (OpenID Connect Core, section 5.1; `groups` is our own). */
export interface Claims {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly locale?: string;
  readonly groups?: readonly Role[];
}

/** The roles of a person: those whose list contains a verified address of the person. */
export function groupsOf(person: Person, groups: PagesConfig["groups"]): Role[] {
  return roles.filter((role) => groups[role].some((member) => person.verified.includes(member.toLowerCase())));
}

/** The claims that the granted scopes give. */
export function claimsFor(person: Person, scopes: readonly string[], groups: PagesConfig["groups"]): Claims {
  return {
    ...(scopes.includes("email") ? { email: person.email, email_verified: isVerified(person) } : {}),
    ...(scopes.includes("profile") ? { name: person.name, locale: person.language } : {}),
    ...(scopes.includes("groups") ? { groups: groupsOf(person, groups) } : {}),
  };
}
