import { visibleText } from "../../services/identity/visible-text.ts";

/** Languages of the pages and mails. */
export const languages = ["fr", "en"] as const;

const organisation = { type: "string", title: "Organisation", maxLength: 200, pattern: visibleText };
const namePart = (title: string): object => ({
  type: "string",
  title,
  minLength: 1,
  maxLength: 100,
  pattern: visibleText,
});

/** Id of the schema in Kratos. */
export const identitySchemaId = "person";

/**
 * The traits of a Kratos identity, as JSON Schema with Ory's extensions (Kratos documentation, "Identity schema").
 *
 * People can change their traits. The id of the Odoo partner is therefore in the identity's
 * `metadata_admin.odooPartner`, which only the admin API writes.
 */
export const identitySchema = {
  $id: "https://bibind.com/schemas/person.json",
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Person",
  type: "object",
  properties: {
    traits: {
      type: "object",
      additionalProperties: false,
      required: ["email", "name"],
      properties: {
        email: {
          type: "string",
          format: "email",
          title: "E-mail",
          maxLength: 320,
          // The format accepts control characters, and those that resemble others. Kratos sends mail to ASCII addresses only.
          pattern: "^[\\x21-\\x7E]+$",
          "ory.sh/kratos": {
            credentials: { password: { identifier: true } },
            verification: { via: "email" },
            recovery: { via: "email" },
          },
        },
        name: {
          type: "object",
          additionalProperties: false,
          required: ["first", "last"],
          properties: { first: namePart("First name"), last: namePart("Last name") },
        },
        organisation,
        language: { type: "string", title: "Language", enum: languages, default: "fr" },
      },
    },
  },
};
