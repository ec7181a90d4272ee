import type { PlatformMap } from "./platform-map.ts";
import type { ApplicationName, Pages } from "./relation.ts";

/** An application that people open in a browser, as the stack exports it. */
export interface PeopleApplication extends Required<Pages> {
  readonly name: ApplicationName;
  /** Host name below the platform's domain. */
  readonly host: string;
  /** Who may use it, in words. */
  readonly who: string;
}

/** The pages of an application, with the defaults of what it does not declare; undefined when it has none. */
export function pagesOf({ applications }: PlatformMap, name: ApplicationName): Required<Pages> | undefined {
  const pages = applications.get(name)?.pages;
  return pages === undefined ? undefined : { path: "/", health: "/", roles: [], ...pages };
}

const inWords = ({ roles }: Required<Pages>): string =>
  roles.length === 0 ? "everybody" : `people with a role: ${roles.join(", ")}`;

/** The applications with pages for people, in the order of the map. */
export function peopleApplications(map: PlatformMap): PeopleApplication[] {
  return [...map.applications.keys()].flatMap((name) => {
    const host = map.hosts.get(name);
    const pages = pagesOf(map, name);
    return pages === undefined || host === undefined ? [] : [{ name, host, who: inWords(pages), ...pages }];
  });
}
