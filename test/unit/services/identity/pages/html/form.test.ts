import assert from "node:assert/strict";
import type { UiContainer, UiNode, UiNodeInputAttributes } from "@ory/kratos-client-fetch";
import { parse, type HTMLElement } from "node-html-parser";
import { formPerGroup, oneForm } from "../../../../../../services/identity/pages/html/form.ts";
import { html, type Content } from "../../../../../../services/identity/pages/html/html.ts";
import { messages } from "../../../../../../services/identity/pages/html/messages.ts";
import { page } from "../../../../../../services/identity/pages/html/layout.ts";
import type { Language } from "../../../../../../services/identity/texts/language.ts";

type Group = UiNode["group"];

function node(
  group: Group,
  attributes: Partial<UiNodeInputAttributes> & { name: string },
  label?: UiNode["meta"]["label"],
): UiNode {
  const all = { type: "text", disabled: false, node_type: "input", ...attributes } as const;
  return { group, type: "input", messages: [], meta: { label }, attributes: { ...all, node_type: "input" } };
}

const label = (id: number, text: string) => ({ id, text, type: "info" }) as const;
const csrf = node("default", { name: "csrf_token", type: "hidden", value: "token-1" });
const identifier = node("default", { name: "identifier", required: true, value: "" }, label(1070004, "ID"));
const password = node(
  "password",
  { name: "password", type: "password", required: true, autocomplete: "current-password" },
  label(1070001, "Password"),
);
const submit = node("password", { name: "method", type: "submit", value: "password" }, label(1010001, "Sign in"));

const container = (...nodes: UiNode[]): UiContainer => ({
  action: "https://auth.bibind.test/self-service/login?flow=1",
  method: "POST",
  nodes,
});

function rendered(content: Content, language: Language = "fr"): HTMLElement {
  return parse(page({ language, title: "Title", content }));
}

const shown = (ui: UiContainer, language: Language = "fr"): HTMLElement => rendered(oneForm(language, ui), language);

/** The only element that matches a selector. */
function one(root: HTMLElement, selector: string): HTMLElement {
  const [first, ...others] = root.querySelectorAll(selector);
  assert.ok(first !== undefined, `nothing matches ${selector}`);
  assert.equal(others.length, 0, `more than one matches ${selector}`);
  return first;
}

describe("the form of a flow", () => {
  it("submits Kratos' fields to Kratos' URL", () => {
    const root = shown(container(csrf, identifier, password, submit));
    const form = one(root, "form");
    assert.equal(form.getAttribute("action"), "https://auth.bibind.test/self-service/login?flow=1");
    assert.equal(form.getAttribute("method"), "POST");
    assert.equal(one(form, "input[name=csrf_token]").getAttribute("value"), "token-1");
    const button = one(form, "button");
    assert.deepEqual([button.getAttribute("name"), button.getAttribute("value")], ["method", "password"]);
    assert.equal(button.text.trim(), "Se connecter");
  });

  it("has a label and the attribute autocomplete for every field", () => {
    const root = shown(container(csrf, identifier, password, submit));
    for (const input of root.querySelectorAll("input").filter((each) => each.getAttribute("type") !== "hidden")) {
      assert.ok(one(root, `label[for=${input.id}]`).text.length > 0);
    }
    assert.equal(one(root, "[name=identifier]").getAttribute("autocomplete"), "username");
    assert.equal(one(root, "[name=password]").getAttribute("autocomplete"), "current-password");
    assert.equal(one(root, "label[for=field-identifier]").text, "Adresse e-mail");
  });

  it("focuses the first empty field", () => {
    const filled = node("default", { name: "identifier", value: "ada@bibind.test" });
    assert.equal(one(shown(container(filled, password)), "[autofocus]").getAttribute("name"), "password");
    assert.equal(one(shown(container(identifier, password)), "[autofocus]").getAttribute("name"), "identifier");
  });

  it("shows an error at its field, for screen readers too, and focuses it", () => {
    const invalid: UiNode = {
      ...password,
      messages: [{ id: 4000032, type: "error", text: "too short", context: { min_length: 8, actual_length: 1 } }],
    };
    const root = shown(container(identifier, invalid, submit));
    const input = one(root, "[name=password]");
    assert.equal(input.getAttribute("aria-invalid"), "true");
    const problem = one(root, `#${input.getAttribute("aria-describedby") ?? ""}`);
    assert.equal(problem.text.trim(), "Le mot de passe doit avoir au moins 8 caractères.");
    assert.equal(one(root, "[autofocus]").getAttribute("name"), "password");
  });

  it("never contains a password", () => {
    const root = shown(
      container({ ...password, ...node("password", { name: "password", type: "password", value: "secret" }) }),
    );
    assert.equal(one(root, "[name=password]").getAttribute("value"), undefined);
  });

  it("shows Kratos' messages for the whole form, errors as an alert", () => {
    const content = messages("fr", [{ id: 4000006, text: "wrong", type: "error" }]);
    assert.match(one(rendered(content), "[role=alert]").text, /est incorrect/);
  });

  it("escapes all values", () => {
    const evil = `"><script>alert(1)</script>`;
    const ui = {
      ...container(
        node("default", { name: "traits.name", value: evil }, label(1070002, evil)),
        node("password", { name: "method", type: "submit", value: evil }, label(9, evil)),
      ),
      action: `https://auth.bibind.test/${evil}`,
      messages: [],
    };
    const text = page({
      language: "en",
      title: evil,
      content: [messages("en", [{ id: 9, text: evil, type: "info" }]), oneForm("en", ui)],
    });
    assert.doesNotMatch(text, /<script/);
    assert.equal(one(parse(text), "input").getAttribute("value"), evil);
  });

  it("escapes the texts of every kind of node", () => {
    const evil = `<img src=x onerror="alert(1)">`;
    const said = { id: 9, text: evil, type: "error" } as const;
    const around = (type: UiNode["type"], attributes: UiNode["attributes"]): UiNode => ({
      group: "totp",
      type,
      messages: [said],
      meta: { label: said },
      attributes,
    });
    const codes = { ...said, context: { secrets: [{ context: { secret: evil } }] } };
    const root = shown(
      container(
        around("text", { node_type: "text", id: "key", text: said }),
        around("text", { node_type: "text", id: "codes", text: codes }),
        around("a", { node_type: "a", id: "link", href: "/next", title: said }),
        around("img", { node_type: "img", id: "picture", src: "/icon.svg", width: 1, height: 1 }),
        { ...node("totp", { name: "another" }, said), messages: [said] },
      ),
    );
    assert.equal(root.querySelectorAll("[onerror], [src=x]").length, 0);
    assert.deepEqual(
      root.querySelectorAll("code, a.button, .problem, label").map(({ text }) => text.trim()),
      Array(5).fill(evil),
    );
    assert.equal(one(root, "img.picture").getAttribute("alt"), evil);
  });

  it("skips the validation for a button that needs none of the required fields", () => {
    const resend = node("code", { name: "email", type: "submit", value: "ada@bibind.test" }, label(1070008, "Resend"));
    const byCode = node("code", { name: "method", type: "submit", value: "code" }, label(1010015, "Code"));
    const root = shown(container(identifier, password, submit, byCode, resend));
    const skipping = root.querySelectorAll("button").map((button) => button.hasAttribute("formnovalidate"));
    assert.deepEqual(skipping, [false, true, true]);
  });

  it("has a hidden account name for password managers when no field shows it", () => {
    const hidden = node("default", { name: "identifier", type: "hidden", value: "ada@bibind.test" });
    const root = shown(container(hidden, password, submit));
    assert.equal(one(root, "[autocomplete=username]").getAttribute("value"), "ada@bibind.test");
    assert.equal(
      one(shown(container(identifier, password)), "[autocomplete=username]").getAttribute("name"),
      "identifier",
    );
  });

  it("shows the fields that all methods share before those of one method", () => {
    const name = node("default", { name: "traits.name.first" }, label(1070002, "First name"));
    const names = shown(container(csrf, password, submit, name)).querySelectorAll("input");
    assert.deepEqual(
      names.map((each) => each.getAttribute("name")),
      ["csrf_token", "traits.name.first", "password"],
    );
  });

  it("shows nothing that needs a script", () => {
    const key = node("webauthn", {
      name: "webauthn_login_trigger",
      type: "button",
      onclickTrigger: "oryWebAuthnLogin",
    });
    const passkey = node("passkey", { name: "passkey_login", type: "hidden" });
    const root = shown(container(csrf, identifier, key, passkey));
    assert.deepEqual(
      root.querySelectorAll("input, button").map((each) => each.getAttribute("name")),
      ["csrf_token", "identifier"],
    );
  });

  it("offers the languages by name, and selects that of the page", () => {
    const trait = node("default", { name: "traits.language" }, label(1070002, "Language"));
    const root = shown(container(trait));
    assert.deepEqual(
      root.querySelectorAll("option").map((option) => [option.text, option.hasAttribute("selected")]),
      [
        ["Anglais", false],
        ["Français", true],
      ],
    );
  });

  it("shows the backup codes one by one", () => {
    const secret = (text: string) => ({ id: 1050009, text, type: "info", context: { secret: text } }) as const;
    const used = { id: 1050014, text: "used", type: "info", context: { used_at: "yesterday" } } as const;
    const text = {
      id: 1050015,
      text: "a, b",
      type: "info",
      context: { secrets: [secret("a1"), used, secret("b2")] },
    } as const;
    const codes: UiNode = {
      group: "lookup_secret",
      type: "text",
      messages: [],
      meta: { label: label(1050010, "These are your back up recovery codes.") },
      attributes: { node_type: "text", id: "lookup_secret_codes", text },
    };
    assert.deepEqual(
      shown(container(codes))
        .querySelectorAll("li")
        .map((each) => each.text.trim()),
      ["a1", "b2"],
    );
  });
});

describe("the settings of an account", () => {
  const code = node("totp", { name: "totp_code", value: "" }, label(1070006, "Code"));
  const save = node("totp", { name: "method", type: "submit", value: "totp" }, label(1070003, "Save"));

  it("are one form per group, each with Kratos' token, and all ids differ", () => {
    const root = rendered(formPerGroup("en", container(csrf, code, save, password, submit), "ada@bibind.test"), "en");
    const forms = root.querySelectorAll("form");
    assert.equal(forms.length, 2);
    for (const form of forms) {
      one(form, "input[name=csrf_token]");
      one(form, "button");
    }
    assert.deepEqual(
      root.querySelectorAll("h2").map(({ text }) => text),
      ["New password", "Authenticator app"],
    );
    assert.equal(one(root, "[autocomplete=username]").getAttribute("value"), "ada@bibind.test");
    const ids = root.querySelectorAll("[id]").map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe("a page", () => {
  it("has its language and title, and reports an error in the title", () => {
    const root = parse(page({ language: "fr", title: "Titre", failed: true, content: html`<p>…</p>` }));
    assert.equal(one(root, "html").getAttribute("lang"), "fr");
    assert.equal(one(root, "title").text, "Erreur : Titre – Bibind");
    assert.equal(one(root, "h1").text, "Titre");
  });

  it("has no inline style and no script, which the Content-Security-Policy would refuse", () => {
    const root = shown(container(csrf, identifier, password, submit));
    assert.equal(root.querySelectorAll("script, style, [style], [onclick]").length, 0);
  });
});
