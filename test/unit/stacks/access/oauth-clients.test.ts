import assert from "node:assert/strict";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type { OwnedClient } from "../../../../stacks/access/access.ts";
import { policyOf } from "../../../../stacks/access/policy.ts";
import type { Relation } from "../../../../stacks/map/relation.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { recordAccess, uses } from "../../../support/example-layer.ts";

const outside: OwnedClient = {
  owner: "developer",
  clientId: "reports",
  name: "Reports",
  grantTypes: ["client_credentials"],
  scopes: ["vm:read"],
};

/** The spec of an OAuthClient in Kubernetes, from the component's logical name. */
async function specOf(name: string, recording: ReturnType<typeof recordAccess>): Promise<unknown> {
  return valueAt((await recording).named(`${name}-client`).inputs, ["spec"]);
}

describe("the OAuth2 client of an application", () => {
  it("is the one that its relation declares, with redirect URIs below the host of the application", async () => {
    const recording = recordAccess((access) => access.client("example/web"));
    assert.deepEqual(await specOf("example-web-client", recording), {
      clientId: "example",
      name: "Example",
      grantTypes: ["authorization_code"],
      responseTypes: ["code"],
      redirectUris: ["https://example.bibind.test/callback"],
      scopes: ["openid"],
      audience: [],
      tokenEndpointAuthMethod: "client_secret_basic",
      skipConsent: false,
      secretGeneration: 1,
    });
    const { inputs } = (await recording).named("example-web-client-client");
    assert.deepEqual(valueAt(inputs, ["metadata", "namespace"]), "example");
  });

  it("has what the relation says of audience, consent and the generation of its secret", async () => {
    const client = { ...uses.oauth.client, audience: ["api"], trusted: true, secretGeneration: 3 };
    const relations: Relation[] = [{ ...uses.oauth, client }];
    const spec = await specOf(
      "example-web-client",
      recordAccess((access) => access.client("example/web"), relations),
    );
    const found = ["audience", "skipConsent", "secretGeneration"].map((field) => valueAt(spec, [field]));
    assert.deepEqual(found, [["api"], true, 3]);
  });

  it("waits for the given resources, such as the controller of OAuth2 clients", async () => {
    const recording = await recordAccess((access) => access.client("example/web", new Namespace("controller")));
    assert(recording.requirementsOf("example-web-client-client").has("controller"));
  });

  it("needs a relation: the error names both ends", async () => {
    await assert.rejects(
      recordAccess((access) => access.client("example/web"), []),
      /example\/web uses oauth of iam\/hydra, and no relation declares it/,
    );
  });
});

describe("the Secret with the credential of an OAuth2 client", () => {
  const restarts = [{ kind: "Deployment", name: "web" }] as const;
  const recording = () =>
    recordAccess((access, model) => {
      access.clientSecret("example/web", access.client("example/web"), { restarts });
      return policyOf(model.map, "example/web", "https://auth.bibind.test");
    });

  it("has the id and the secret of the client, and restarts the given workloads", async () => {
    const { inputs } = (await recording()).named("example-web-client-secret-synced");
    const destination = valueAt(inputs, ["spec", "destination"]);
    assert.equal(valueAt(destination, ["name"]), "web-client");
    assert.deepEqual(valueAt(destination, ["transformation", "templates"]), {
      client_id: { text: '{{ get .Secrets "client_id" }}' },
      client_secret: { text: '{{ get .Secrets "client_secret" }}' },
    });
    assert.deepEqual(valueAt(inputs, ["spec", "rolloutRestartTargets"]), restarts);
  });

  it("comes from the path of Vault that the policy of the application allows", async () => {
    const found = await recording();
    const path = String(valueAt(found.named("example-web-client-secret-synced").inputs, ["spec", "path"]));
    assert.equal(path, "oauth/example/example");
    assert(found.result.includes(`"kv/data/${path}"`));
  });

  it("is synced once the client is ready", async () => {
    assert((await recording()).requirementsOf("example-web-client-secret-synced").has("example-web-client-client"));
  });
});

describe("the OAuth2 client of a program outside of the platform", () => {
  it("has the redirect URIs of the settings and no others, and its users are asked for consent", async () => {
    const redirectUris = ["https://reports.example.com/callback"];
    const recording = recordAccess((access) => access.outsideClient({ ...outside, redirectUris }));
    const spec = await specOf("example-client-reports", recording);
    assert.deepEqual(valueAt(spec, ["redirectUris"]), redirectUris);
    assert.equal(valueAt(spec, ["skipConsent"]), false);
    assert.deepEqual(valueAt(spec, ["responseTypes"]), []);
  });

  it("needs no redirect URI when it signs nobody in", async () => {
    const recording = recordAccess((access) => access.outsideClient(outside));
    assert.deepEqual(valueAt(await specOf("example-client-reports", recording), ["redirectUris"]), []);
  });

  it("waits for the given resources", async () => {
    const recording = await recordAccess((access) => access.outsideClient(outside, new Namespace("controller")));
    assert(recording.requirementsOf("example-client-reports-client").has("controller"));
  });
});
