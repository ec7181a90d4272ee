import assert from "node:assert/strict";
import { knownFields } from "../../../../../services/identity/texts/fields.ts";
import { kratosText } from "../../../../../services/identity/texts/kratos.ts";
import { kratosMessages } from "../../../../../services/identity/texts/kratos-messages.ts";
import { languageFor, languages, type Translated } from "../../../../../services/identity/texts/language.ts";
import { scopesInWords, scopeTexts } from "../../../../../services/identity/texts/scopes.ts";
import { say, texts } from "../../../../../services/identity/texts/texts.ts";

const all: [string, Translated][] = [
  ...Object.entries(texts),
  ...Object.entries(kratosMessages),
  ...Object.entries(scopeTexts),
  ...Object.entries(knownFields).map(([name, { label }]): [string, Translated] => [name, label]),
];

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([placeholder]) => placeholder).sort();

/** Ids of the messages of Kratos v1.3.1 (text/message_*.go) that are text, not data. */
const textMessages = [
  1010001, 1010002, 1010003, 1010004, 1010005, 1010006, 1010007, 1010008, 1010009, 1010010, 1010011, 1010012, 1010013,
  1010014, 1010015, 1010016, 1010017, 1010018, 1010019, 1010021, 1010022, 1010023, 1040001, 1040002, 1040003, 1040004,
  1040005, 1040006, 1040007, 1040008, 1040009, 1050001, 1050002, 1050003, 1050004, 1050005, 1050007, 1050008, 1050010,
  1050011, 1050012, 1050013, 1050014, 1050016, 1050017, 1050018, 1050019, 1050020, 1060001, 1060002, 1060003, 1070001,
  1070003, 1070004, 1070005, 1070006, 1070007, 1070008, 1070009, 1070010, 1070011, 1070012, 1070013, 1070014, 1080001,
  1080002, 1080003, 4000002, 4000003, 4000004, 4000005, 4000006, 4000007, 4000008, 4000009, 4000010, 4000011, 4000012,
  4000013, 4000014, 4000015, 4000016, 4000017, 4000018, 4000019, 4000020, 4000021, 4000022, 4000023, 4000024, 4000025,
  4000026, 4000027, 4000028, 4000029, 4000030, 4000031, 4000032, 4000033, 4000034, 4000035, 4000036, 4000037, 4000038,
  4010001, 4010002, 4010003, 4010004, 4010005, 4010006, 4010007, 4010008, 4010009, 4010010, 4040001, 4040002, 4040003,
  4050001, 4060001, 4060002, 4060004, 4060005, 4060006, 4070001, 4070002, 4070003, 4070005, 4070006,
];

describe("the texts of the pages", () => {
  it("exist in every language, with the same placeholders", () => {
    for (const [name, translated] of all) {
      for (const language of languages) {
        assert.ok(translated[language].trim().length > 0, `${name} has no text in ${language}`);
        assert.deepEqual(placeholders(translated[language]), placeholders(translated.en), `${name} in ${language}`);
      }
    }
  });

  it("have typographic apostrophes in French", () => {
    for (const [name, { fr }] of all) {
      assert.doesNotMatch(fr, /'/, name);
    }
  });

  it("exist for every message of Kratos", () => {
    assert.deepEqual(
      textMessages.filter((id) => kratosMessages[id] === undefined),
      [],
    );
  });

  it("need a value for each placeholder", () => {
    assert.equal(say("fr", "login.toApplication", { application: "Odoo" }), "pour continuer vers Odoo");
    assert.throws(() => say("fr", "login.toApplication"), /a placeholder of the text login.toApplication has no value/);
  });

  it("contain a value unchanged, whatever it looks like", () => {
    assert.equal(say("en", "login.toApplication", { application: "{email} $&" }), "to continue to {email} $&");
  });

  it("describe scopes in words, and name those without a text", () => {
    assert.deepEqual(scopesInWords("en", ["openid", "offline", "offline_access", "constructor"]), [
      "know who you are",
      "keep this access when you are away",
      "use the permission constructor",
    ]);
  });
});

describe("a message of Kratos", () => {
  const message = { id: 4000032, text: "The password must be at least 8 …", type: "error" } as const;

  it("is translated, with its values", () => {
    const context = { min_length: 8, actual_length: 3 };
    assert.equal(kratosText("fr", { ...message, context }), "Le mot de passe doit avoir au moins 8 caractères.");
    assert.equal(kratosText("en", { ...message, context }), "The password needs at least 8 characters.");
  });

  it("keeps Kratos' own text when a value is missing or the message is unknown", () => {
    assert.equal(kratosText("fr", message), message.text);
    assert.equal(kratosText("fr", { ...message, id: 4000001, text: "from a hook" }), "from a hook");
  });
});

describe("the language of a page", () => {
  for (const [chosen, accepted, language] of [
    ["fr", "en", "fr"],
    ["en", "fr-FR,fr;q=0.9", "en"],
    [undefined, "fr-FR,fr;q=0.9,en;q=0.8", "fr"],
    [undefined, "de-DE,fr;q=0.7,en;q=0.3", "fr"],
    [undefined, "de", "en"],
    ["de", "fr", "fr"],
    [undefined, undefined, "en"],
    [undefined, "*", "en"],
    [{ fr: true }, "not a header;;;", "en"],
  ] as const) {
    it(`is ${language} for the trait ${JSON.stringify(chosen)} and the header ${accepted ?? "(none)"}`, () => {
      assert.equal(languageFor(chosen, accepted), language);
    });
  }
});
