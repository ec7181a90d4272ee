import assert from "node:assert/strict";
import { oauthClientSpec } from "../../../../services/identity/clients/custom-resource.ts";
import { pagesConfig } from "../../../../services/identity/pages/config.ts";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { layers } from "../../../../stacks/layers.ts";
import { loadSettings } from "../../../../stacks/settings/load.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { mailConnection, recordIam } from "../../../support/iam.ts";
import type { Recording } from "../../../support/mocks.ts";

const mail = { connection: mailConnection, fromAddress: "no-reply@bibind.test" };
const client = { clientId: "reports", name: "Reports", owner: "developer" };
const transit = { kind: "transit", address: "https://vault.example.com", keyName: "bibind", token: "hvs.a-token" };
const foundation = {
  domain: "bibind.test",
  cluster: { kubeconfig: "clusters: []\nusers: []\n" },
  certificates: { issuer: "internal" },
};

/** The settings that a stack with these settings reports as wrong. */
function wrongSettings(values: Readonly<Record<string, unknown>>): string[] {
  try {
    loadSettings({ file: "Pulumi.test.yaml", values }, layers);
    return [];
  } catch (error) {
    assert(error instanceof OperatorError, String(error));
    const lines = error.parts.what.split("\n  ").slice(1);
    return lines.map((line) => line.replace(/ \(.*/s, "").replace("bibind:", ""));
  }
}

const withIam = (iam: object) => ({ layers: ["iam"], upstream: "ovh", iam: { mail, ...iam } });
const withMail = (given: object) => withIam({ mail: { ...mail, ...given } });
const withClient = (given: object) => withIam({ oauthClients: [{ ...client, ...given }] });
const withBoth = (given: object, iam: object = {}) => ({
  layers: ["foundation", "iam"],
  foundation: { ...foundation, ...given },
  iam: { mail, ...iam },
});
const installed = (addons: readonly string[]) => ({ host: {}, cluster: { addons } });

/** Settings that a program behind refuses, and the setting to which the report points. */
const refused: readonly (readonly [what: string, values: Readonly<Record<string, unknown>>, setting: string])[] = [
  ["a # in a password", withMail({ connection: "smtps://u:p#w@mail.test:465" }), "iam.mail.connection"],
  ["a / in a password", withMail({ connection: "smtps://u:p/w@mail.test:465" }), "iam.mail.connection"],
  ["a % in a password", withMail({ connection: "smtps://u:p%w@mail.test:465" }), "iam.mail.connection"],
  ["a ? in a password", withMail({ connection: "smtps://u:p?w@mail.test:465" }), "iam.mail.connection"],
  ["no mail host", withMail({ connection: "smtps:///" }), "iam.mail.connection"],
  ["no mail port", withMail({ connection: "smtps://mail.test" }), "iam.mail.connection"],
  ["a sender of ü", withMail({ fromAddress: "no-reply@bücher.example" }), "iam.mail.fromAddress"],
  ["a line break in a name", withMail({ fromName: "Bibind\rBcc: x@y.test" }), "iam.mail.fromName"],
  ["an operator of ü", withIam({ people: { operator: ["jürgen@example.com"] } }), "iam.people.operator[0]"],
  ["a quote in an audience", withClient({ audience: ['a"b'] }), "iam.oauthClients[0].audience[0]"],
  ["an audience of é", withClient({ audience: ["é"] }), "iam.oauthClients[0].audience[0]"],
  ["no scope", withClient({ scopes: [] }), "iam.oauthClients[0].scopes"],
  ["no grant", withClient({ grantTypes: [] }), "iam.oauthClients[0].grantTypes"],
  ["a blank name", withClient({ name: " " }), "iam.oauthClients[0].name"],
  ["a redirect without //", withClient({ redirectUris: ["https:x.test"] }), "iam.oauthClients[0].redirectUris[0]"],
  ["a key that ends in -", withIam({ vault: { seal: { ...transit, keyName: "a-" } } }), "iam.vault.seal.keyName"],
  ["an empty folder", withIam({ vault: { seal: { ...transit, mountPath: "a//b" } } }), "iam.vault.seal.mountPath"],
  ["a token of é", withIam({ vault: { seal: { ...transit, token: "hvs.tokené" } } }), "iam.vault.seal.token"],
  ["Vault on the host of the sign-in", withIam({ vault: { hostName: "auth" } }), "iam.signIn.hostName"],
  ["Vault on the host of the start page", withIam({ vault: { hostName: "welcome" } }), "iam.startPage.hostName"],
  ["no secrets operator", withBoth({ secretsOperator: { enabled: false } }), "foundation.secretsOperator.enabled"],
  ["no PostgreSQL operator", withBoth({ postgresOperator: { enabled: false } }), "foundation.postgresOperator.enabled"],
  [
    "an ACME address of ü",
    withBoth({ certificates: { issuer: "acme", email: "jürgen@x.test" } }),
    "foundation.certificates.email",
  ],
  ["an IPv4 address as domain", withBoth({ domain: "10.0.0.1" }), "foundation.domain"],
];

describe("settings that a program behind refuses", () => {
  for (const [what, values, setting] of refused) {
    it(`are refused before anything is registered: ${what}`, () => {
      assert.deepEqual(wrongSettings(values), [setting]);
    });
  }

  for (const addon of ["dns", "hostpath-storage", "ingress"]) {
    it(`are refused before anything is registered: a cluster without the addon ${addon}`, () => {
      const addons = ["dns", "hostpath-storage", "ingress", "cert-manager"].filter((name) => name !== addon);
      assert(wrongSettings(withBoth(installed(addons))).includes("foundation.cluster.addons"));
    });
  }
});

describe("a layer with relations to an operator of the foundation", () => {
  const operators = {
    "foundation/postgres-operator": "postgresOperator",
    "foundation/secrets-operator": "secretsOperator",
  };

  for (const { name, requires, mapPart } of layers) {
    for (const [application, operator] of Object.entries(operators)) {
      if (mapPart.relations.some(({ consumer }) => consumer === application)) {
        it(`requires it: ${name} requires ${operator}`, () => {
          const breaches = requires?.({ foundation: { [operator]: { enabled: false } } }) ?? [];
          assert.deepEqual(
            breaches.map(({ path }) => path.join(".")),
            [`foundation.${operator}.enabled`],
          );
        });
      }
    }
  }
});

describe("odd settings that the layer iam accepts", () => {
  const people = { operator: ["o'brien@bibind.test", "a&b@xn--bcher-kva.example"], auditor: ["Ada@bibind.xn--p1ai"] };
  const oauthClients = [
    { ...client, audience: ["urn:a:b", "https://x.test/y"], scopes: ["vm:read", "a'b"], name: "Équipe « R & D »" },
    { ...client, clientId: "web", grantTypes: ["authorization_code"], redirectUris: ["com.example.app:/cb"] },
  ];
  let recording: Recording<unknown>;

  before(async function () {
    this.timeout(60_000);
    recording = await recordIam({ settings: { people, oauthClients } });
  });

  it("are accepted by the sign-in pages", () => {
    const config = valueAt(recording.named("iam-identity-config").inputs, ["data", "config.json"]);
    const { groups } = pagesConfig.parse(JSON.parse(String(config)));
    assert.deepEqual(groups, { ...people, developer: [] });
  });

  it("are accepted by the controller of OAuth2 clients", () => {
    for (const { clientId } of oauthClients) {
      const { inputs } = recording.named(`iam-client-${clientId}-client`);
      assert.equal(oauthClientSpec.parse(inputs["spec"]).clientId, clientId);
    }
  });
});
