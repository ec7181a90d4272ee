import { say } from "../../texts/texts.ts";
import type { Language } from "../../texts/language.ts";
import { documentText, html, type Content, type Html } from "./html.ts";
import { styleVersion } from "./style.ts";

export interface PageParts {
  readonly language: Language;
  readonly title: string;
  /** Smaller text below the title. */
  readonly subtitle?: string;
  /** Whether the page reports an error; screen readers read it with the title. */
  readonly failed?: boolean;
  readonly content: Content;
  /** Links below the card. */
  readonly links?: readonly Html[];
}

function head(language: Language, title: string, failed: boolean): Html {
  const prefix = failed ? say(language, "error.titlePrefix") : "";
  return html`<head>
    <meta charset="utf-8" />
    <title>${prefix}${title} – Bibind</title>
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href=${`/style.css?${styleVersion}`} />
  </head>`;
}

/** A page: one card with a title, and links below it. */
export function page({ language, title, subtitle, failed = false, content, links = [] }: PageParts): string {
  return documentText(
    html`<html lang=${language}>
      ${head(language, title, failed)}
      <body>
        <main>
          <p class="brand"><img src="/icon.svg" alt="" width="28" height="28" />Bibind</p>
          <section class="card" aria-labelledby="title">
            <h1 id="title">${title}</h1>
            ${subtitle === undefined ? undefined : html`<p class="subtitle">${subtitle}</p>`} ${content}
          </section>
          ${links.length === 0 ? undefined : html`<nav>${links}</nav>`}
        </main>
      </body>
    </html>`,
  );
}
