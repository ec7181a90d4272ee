import type { Language } from "../../texts/language.ts";
import { say } from "../../texts/texts.ts";
import type { Role } from "../config.ts";
import { html, type Html } from "./html.ts";

/**
 * Tells a person which roles the sign-in does not give, and how to get them; undefined when it gives them all.
 *
 * @param settings - URL of the page on which the person sets up a second factor
 */
export function withheldNote(language: Language, roles: readonly Role[], settings: string): Html | undefined {
  const names = roles.map((role) => say(language, `role.${role}`)).join(", ");
  return roles.length === 0
    ? undefined
    : html`<p class="message info">
        ${say(language, "home.withheld", { roles: names })}
        <a href=${settings}>${say(language, "home.toSecondFactor")}</a>
      </p>`;
}
