import { createHash } from "node:crypto";

/** The style sheet of the pages. Colours have a contrast of at least 4.5 in both schemes (WCAG 2.2 AA). */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f3f4f8; --card: #ffffff; --text: #1b2030; --soft: #565f73; --line: #8a93a8;
  --accent: #3247c5; --on-accent: #ffffff; --error: #b3261e; --error-ground: #fdecea;
  --info-ground: #e9edfd; --success: #14693a; --success-ground: #e5f5ec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10131b; --card: #1a1f2b; --text: #e9ecf4; --soft: #a5aec2; --line: #66718a;
    --accent: #9db0ff; --on-accent: #10131b; --error: #ffb4ab; --error-ground: #3d1a18;
    --info-ground: #222b4a; --success: #86dfae; --success-ground: #16301f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem 1rem;
  background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
main { width: 100%; max-width: 26rem; }
.brand { display: flex; align-items: center; justify-content: center; gap: .5rem; margin: 0 0 1.25rem; font-size: 1.25rem; font-weight: 650; letter-spacing: .01em; }
.card { background: var(--card); border-radius: .9rem; padding: 2rem; box-shadow: 0 1px 2px rgb(0 0 0 / .08), 0 8px 28px rgb(0 0 0 / .08); }
h1 { margin: 0 0 1.25rem; font-size: 1.4rem; line-height: 1.25; }
h1:has(+ .subtitle) { margin-bottom: .15rem; }
h2 { margin: 0 0 1rem; font-size: 1.05rem; }
.subtitle { margin: 0 0 1.25rem; color: var(--soft); }
form + form, form + .section, .section + .section { margin-top: 2rem; padding-top: 1.5rem; border-top: 1px solid color-mix(in srgb, var(--line) 40%, transparent); }
.field { margin-bottom: 1.1rem; }
label { display: block; margin-bottom: .3rem; font-weight: 550; }
input:not([type=checkbox]), select {
  width: 100%; padding: .6rem .75rem; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--card); color: inherit; font: inherit;
}
input[aria-invalid=true] { border-color: var(--error); border-width: 2px; }
.check { display: flex; align-items: center; gap: .6rem; margin-bottom: 1.1rem; }
.check label { margin: 0; font-weight: 400; }
.check input { width: 1.15rem; height: 1.15rem; accent-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button, .button {
  display: block; width: 100%; padding: .65rem 1rem; border: 1px solid var(--accent); border-radius: .5rem;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; cursor: pointer;
}
button ~ button, .button ~ button, button ~ .button, .button ~ .button { margin-top: .65rem; }
.button.second, button.second { background: transparent; color: var(--accent); }
button:hover, .button:hover { filter: brightness(1.08); }
.message { margin: 0 0 1.1rem; padding: .7rem .9rem; border-radius: .5rem; background: var(--info-ground); }
.message.error { background: var(--error-ground); color: var(--error); }
.message.success { background: var(--success-ground); color: var(--success); }
.problem { margin: .35rem 0 0; color: var(--error); font-size: .92rem; }
a { color: var(--accent); }
nav { display: flex; flex-direction: column; gap: .5rem; margin-top: 1.25rem; text-align: center; }
ul { margin: 0 0 1.25rem; padding-left: 1.25rem; }
li { margin-bottom: .3rem; }
code { overflow-wrap: anywhere; font-size: 1.05em; }
.applications { list-style: none; padding: 0; }
.applications li { display: grid; grid-template-columns: 1fr auto; gap: 0 .75rem; margin: 0; padding: .7rem 0; border-top: 1px solid color-mix(in srgb, var(--line) 40%, transparent); }
.applications a { font-weight: 600; }
.applications span { grid-column: 1 / -1; color: var(--soft); font-size: .92rem; }
.applications .state { grid-column: 2; grid-row: 1; text-align: right; }
.applications .works { color: var(--success); }
.applications .fails { color: var(--error); }
.codes { columns: 2; list-style: none; padding: 0; }
.picture { display: block; margin: 0 auto 1.1rem; padding: .5rem; background: #ffffff; border-radius: .5rem; max-width: 100%; height: auto; }
.reference { margin: 1.25rem 0 0; color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }
`;

/** The logo of the platform, also the icon of the browser's tab. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="8" fill="#3247c5"/>
<path d="M10 7h7.2c3.4 0 5.6 1.8 5.6 4.6 0 1.9-1 3.3-2.7 4 2.2.6 3.5 2.2 3.5 4.5 0 3.1-2.4 4.9-6 4.9H10z
M13.6 10.1v4.3h3c1.7 0 2.6-.8 2.6-2.2s-.9-2.1-2.6-2.1zm0 7.2v4.6h3.4c1.9 0 2.9-.8 2.9-2.3s-1-2.3-2.9-2.3z"
fill="#ffffff" fill-rule="evenodd"/></svg>`;

/** Changes with the style sheet, so that browsers may cache it without limit. */
export const styleVersion = createHash("sha256").update(style).digest("hex").slice(0, 12);
