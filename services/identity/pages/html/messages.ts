import type { UiText } from "@ory/kratos-client-fetch";
import { z } from "zod";
import { kratosText } from "../../texts/kratos.ts";
import type { Language } from "../../texts/language.ts";
import { html, type Html } from "./html.ts";

/** Kratos' messages for a whole page; screen readers read errors at once. */
export function messages(language: Language, list: readonly UiText[]): Html[] {
  return list.map(
    (message) =>
      html`<p class=${`message ${message.type}`} role=${message.type === "error" ? "alert" : "status"}>
        ${kratosText(language, message)}
      </p>`,
  );
}

const secretList = z.object({ secrets: z.array(z.object({ context: z.object({ secret: z.string() }).partial() })) });

/** Data that Kratos shows: the key of an authenticator app, or the backup codes that are not used yet. */
export function data(language: Language, text: UiText, label: UiText | undefined): Html {
  const heading = label === undefined ? undefined : html`<p>${kratosText(language, label)}</p>`;
  const list = secretList.safeParse(text.context);
  if (!list.success) {
    return html`<div class="field">${heading}<code>${text.text}</code></div>`;
  }
  const codes = list.data.secrets.flatMap(({ context }) => context.secret ?? []);
  return html`<div class="field">
    ${heading}
    <ul class="codes">
      ${codes.map((code) => html`<li><code>${code}</code></li>`)}
    </ul>
  </div>`;
}
