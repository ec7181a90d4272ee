import assert from "node:assert/strict";
import { z } from "zod";
import { plainSecretLines } from "../../../../stacks/settings/plain-secrets.ts";
import { checkedSecret, secretString } from "../../../../stacks/settings/secret.ts";
import type { IsEncrypted } from "../../../../stacks/settings/source.ts";

const file = "Pulumi.test.yaml";
const key = secretString("a key", /./);
const schema = z.strictObject({
  shop: z.strictObject({
    name: z.string(),
    key: key.optional(),
    doors: z.array(z.strictObject({ key })).default([]),
    mail: checkedSecret("a URL", () => undefined, /^smtp:[^@]*$/).optional(),
  }),
});

const inPlainText: IsEncrypted = () => false;

function lines(shop: unknown, isEncrypted: IsEncrypted | undefined = inPlainText): string[] {
  return plainSecretLines(schema, { file, values: { shop }, isEncrypted });
}

describe("secrets in plain text", () => {
  it("are named with the command that encrypts them, wherever they are, and their values are not shown", () => {
    assert.deepEqual(lines({ name: "corner", key: "hush", doors: [{ key: "hush" }] }), [
      "bibind:shop.key (Pulumi.test.yaml): a secret in plain text; encrypt it with: pulumi config set --secret --path 'bibind:shop.key'",
      "bibind:shop.doors[0].key (Pulumi.test.yaml): a secret in plain text; encrypt it with: pulumi config set --secret --path 'bibind:shop.doors[0].key'",
    ]);
  });

  it("are only those settings that the file does not have encrypted", () => {
    const isEncrypted: IsEncrypted = (path) => path.join(".") === "shop.key";
    const [line, ...others] = lines({ key: "hush", doors: [{ key: "hush" }] }, isEncrypted);
    assert.match(line ?? "", /^bibind:shop\.doors\[0\]\.key /);
    assert.deepEqual(others, []);
  });

  it("are not those in a form that holds nothing secret", () => {
    assert.deepEqual(lines({ mail: "smtp://172.30.0.2:1025" }), []);
    assert.equal(lines({ mail: "smtp://user:hush@172.30.0.2:1025" }).length, 1);
  });

  it("are not looked for when the settings come from no file", () => {
    assert.deepEqual(plainSecretLines(schema, { file, values: { shop: { key: "hush" } } }), []);
  });
});
