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

/** A person, and how the person has signed in. */
export interface SignedIn {
  readonly person: Person;
  /** Whether the sign-in included a second factor. */
  readonly hasSecondFactor: boolean;
}

/** Who has which role, and which roles need a second factor. */
export type RoleRules = Pick<PagesConfig, "groups" | "secondFactor">;

/** The roles of a person: those whose list contains a verified address of the person. */
export function rolesOf(person: Person, { groups }: RoleRules): Role[] {
  return roles.filter((role) => groups[role].some((member) => person.verified.includes(member.toLowerCase())));
}

/** The roles of a person that this sign-in does not give, because they need a second factor. */
export function withheldRoles({ person, hasSecondFactor }: SignedIn, rules: RoleRules): Role[] {
  return hasSecondFactor ? [] : rolesOf(person, rules).filter((role) => rules.secondFactor.includes(role));
}

/** The roles that a sign-in gives. */
export function grantedRoles(signedIn: SignedIn, rules: RoleRules): Role[] {
  const withheld = withheldRoles(signedIn, rules);
  return rolesOf(signedIn.person, rules).filter((role) => !withheld.includes(role));
}

/** The claims that the granted scopes give. */
export function claimsFor(signedIn: SignedIn, scopes: readonly string[], rules: RoleRules): Claims {
  const { person } = signedIn;
  return {
    ...(scopes.includes("email") ? { email: person.email, email_verified: isVerified(person) } : {}),
    ...(scopes.includes("profile") ? { name: person.name, locale: person.language } : {}),
    ...(scopes.includes("groups") ? { groups: grantedRoles(signedIn, rules) } : {}),
  };
}
