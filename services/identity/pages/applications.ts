import { homeOf } from "../clients/desired.ts";
import { HydraClients } from "../clients/hydra-clients.ts";
import { grantedRoles, type RoleRules, type SignedIn } from "./claims.ts";
import type { Context } from "./request.ts";

/** An application that a person may use. */
export interface PersonsApplication {
  readonly name: string;
  readonly uri: string;
  /** What people do there, by language. */
  readonly purpose: Readonly<Record<"en" | "fr", string>>;
  /** Whether it answers and works. */
  readonly works: boolean;
}

/** Short, because a person waits for the page. */
const timeoutMilliseconds = 2000;

/** Asks an application whether it works, through the front door, as the person would reach it. */
export async function works(healthUri: string): Promise<boolean> {
  try {
    const answer = await fetch(healthUri, {
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    await answer.body?.cancel();
    return answer.status < 400;
  } catch {
    return false;
  }
}

/** Whether an application with these roles is for the person. Without roles it is for everybody with an account. */
export function mayUse(signedIn: SignedIn, roles: readonly string[], rules: RoleRules): boolean {
  return roles.length === 0 || grantedRoles(signedIn, rules).some((role) => roles.includes(role));
}

/** The applications that a person may use, by name. Each is the client of a relation in the platform's map. */
export async function applicationsOf(signedIn: SignedIn, { services, config }: Context): Promise<PersonsApplication[]> {
  const clients = await new HydraClients(services.hydra, config.hydra).all();
  const homes = [...clients.values()].flatMap((client) => homeOf(client) ?? []);
  const own = homes.filter(({ roles }) => mayUse(signedIn, roles, config));
  const applications = own.map(async ({ name, uri, purpose, healthUri }) => ({
    name,
    uri,
    purpose,
    works: await works(healthUri),
  }));
  return (await Promise.all(applications)).sort((one, other) => one.name.localeCompare(other.name));
}
