import type { FrontendApi, OAuth2LoginRequest, UiContainer } from "@ory/kratos-client-fetch";
import type { Language } from "../texts/language.ts";
import { say } from "../texts/texts.ts";
import { finalUrls, formTargets } from "./form-targets.ts";
import { html, type Html } from "./html/html.ts";
import type { PageParts } from "./html/layout.ts";

/** The fields of Kratos' flows that the pages use; each kind of flow has some of them. */
export interface FlowView {
  readonly ui: UiContainer;
  readonly return_to?: string;
  readonly oauth2_login_challenge?: string;
  readonly oauth2_login_request?: OAuth2LoginRequest;
  readonly requested_aal?: string;
  readonly refresh?: boolean;
  readonly state?: unknown;
}

/** A kind of Kratos' flows, and its page. */
export interface FlowKind {
  /** Kratos' name. */
  readonly name: string;
  /** Path of the page. */
  readonly path: string;
  /** Query parameters that the page forwards to Kratos when a flow begins. */
  readonly parameters: readonly string[];
  /** Whether each group of fields has a section and a form of its own. */
  readonly sections: boolean;
  read(frontend: FrontendApi, request: { readonly id: string; readonly cookie?: string }): Promise<FlowView>;
  heading(language: Language, flow: FlowView): Pick<PageParts, "title" | "subtitle">;
  links(language: Language, flow: FlowView): Html[];
  /** Where its form may lead besides our own pages, as sources of the Content-Security-Policy. */
  targets(flow: FlowView): readonly string[];
}

/** A flow ends at the application that the person signs in to, or at the URL to return to. */
const knownTargets = ({ oauth2_login_request: login, return_to: returnTo }: FlowView): readonly string[] =>
  formTargets([...(login?.client?.redirect_uris ?? []), ...finalUrls(returnTo)]);

/** A link to another page that ends at the same place. */
export function linkTo(path: string, text: string, flow: Pick<FlowView, "oauth2_login_challenge" | "return_to">): Html {
  const parameters = { login_challenge: flow.oauth2_login_challenge, return_to: flow.return_to };
  const query = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value]])),
  );
  return html`<a href=${query.size === 0 ? path : `${path}?${query.toString()}`}>${text}</a>`;
}

/** The application that the person signs in to, as a text for the page; undefined when it has no name. */
export function toApplication(language: Language, name: string | undefined): string | undefined {
  return name === undefined || name === "" ? undefined : say(language, "login.toApplication", { application: name });
}

const login: FlowKind = {
  name: "login",
  path: "/login",
  parameters: ["login_challenge", "return_to", "aal", "refresh", "via"],
  sections: false,
  read: (frontend, request) => frontend.getLoginFlow(request),
  heading(language, flow) {
    if (flow.requested_aal === "aal2") {
      return { title: say(language, "login.second") };
    }
    const title = say(language, flow.refresh === true ? "login.again" : "login.title");
    return { title, subtitle: toApplication(language, flow.oauth2_login_request?.client?.client_name) };
  },
  links(language, flow) {
    if (flow.requested_aal === "aal2" || flow.refresh === true) {
      return [html`<a href="/logout">${say(language, "logout.title")}</a>`];
    }
    return [
      linkTo("/registration", say(language, "login.toRegistration"), flow),
      linkTo("/recovery", say(language, "login.toRecovery"), flow),
    ];
  },
  targets: knownTargets,
};

const recovery: FlowKind = {
  name: "recovery",
  path: "/recovery",
  parameters: ["return_to"],
  sections: false,
  read: (frontend, request) => frontend.getRecoveryFlow(request),
  // The code comes after a registration too, and the page does not say whether the address has an account.
  heading: (language, { state }) =>
    state === "sent_email"
      ? { title: say(language, "verification.title") }
      : { title: say(language, "recovery.title"), subtitle: say(language, "recovery.introduction") },
  links: (language, flow) => [linkTo("/login", say(language, "recovery.toLogin"), flow)],
  targets: knownTargets,
};

export const settings: FlowKind = {
  name: "settings",
  path: "/settings",
  parameters: ["return_to"],
  sections: true,
  read: (frontend, request) => frontend.getSettingsFlow(request),
  heading: (language) => ({ title: say(language, "settings.title") }),
  links: (language) => [
    html`<a href="/profile">${say(language, "profile.title")}</a>`,
    html`<a href="/address">${say(language, "address.title")}</a>`,
    html`<a href="/">${say(language, "settings.toHome")}</a>`,
  ],
  targets: knownTargets,
};

/** All kinds of flows that have a page. */
export const flowKinds: readonly FlowKind[] = [login, recovery, settings];
