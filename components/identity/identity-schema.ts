/** Languages that the platform speaks to people. */
export const languages = ["fr", "en"] as const;

const organisation = { type: "string", title: "Organisation", maxLength: 200 };
const namePart = (title: string): object => ({ type: "string", title, minLength: 1, maxLength: 100 });

/**
 * What the platform knows of a person: the traits of a Kratos identity, as JSON Schema with Ory's extensions (Kratos
 * documentation, "Identity schema").
 *
 * What a person may not say of himself is no trait: the number of the Odoo partner is in the identity's
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
