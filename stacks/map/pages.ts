import type { PlatformMap } from "./platform-map.ts";
import type { ApplicationName, Pages } from "./relation.ts";

/** An application that people open in a browser, as the stack exports it. */
export interface PeopleApplication extends Required<Pages> {
  readonly name: ApplicationName;
  /** Host name below the platform's domain. */
  readonly host: string;
}

/** The applications with pages for people, in the order of the map. */
export function peopleApplications({ applications, hosts }: PlatformMap): PeopleApplication[] {
  return [...applications].flatMap(([name, { pages }]) => {
    const host = hosts.get(name);
    return pages === undefined || host === undefined ? [] : [{ name, host, health: "/", ...pages }];
  });
}
