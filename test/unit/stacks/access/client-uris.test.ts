import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { homeOf, redirectUris } from "../../../../stacks/access/client-uris.ts";
import type { ApplicationName, DeclaredClient, Pages } from "../../../../stacks/map/relation.ts";
import { exampleModel } from "../../../support/example-layer.ts";
import { record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

/** The redirect URIs of an application's client. */
async function urisOf(
  client: Partial<DeclaredClient>,
  domain = "bibind.test",
  application: ApplicationName = "example/web",
): Promise<unknown> {
  const declared = { clientId: "x", name: "X", grantTypes: ["authorization_code"], scopes: [], ...client } as const;
  const { result } = await record(() => {
    return pulumi.output(redirectUris(exampleModel({ foundation: { domain } }), application, declared));
  });
  return settled(result);
}

describe("the redirect URIs of an application's OAuth2 client", () => {
  it("are its paths below the host of the application, over TLS", async () => {
    assert.deepEqual(await urisOf({ redirectPaths: ["/callback", "/other"] }), [
      "https://example.bibind.test/callback",
      "https://example.bibind.test/other",
    ]);
  });

  it("follow the domain of the environment", async () => {
    assert.deepEqual(await urisOf({ redirectPaths: ["/callback"] }, "bibind.com"), [
      "https://example.bibind.com/callback",
    ]);
  });

  it("are followed by those outside of the platform", async () => {
    const outside = "http://localhost:8250/callback";
    assert.deepEqual(await urisOf({ redirectPaths: ["/callback"], redirectUris: [outside] }), [
      "https://example.bibind.test/callback",
      outside,
    ]);
    assert.deepEqual(await urisOf({ redirectUris: [outside] }), [outside]);
  });

  it("are none when the client declares none, and then the application needs no host", async () => {
    assert.deepEqual(await urisOf({}, "bibind.test", "example/postgres"), []);
    await assert.rejects(urisOf({ redirectPaths: ["/"] }, "bibind.test", "example/postgres"), /no host name/);
  });
});

describe("the page that the OAuth2 client of an application carries", () => {
  const purpose = { en: "Orders", fr: "Commandes" };
  const homeIn = async (pages?: Pages): Promise<unknown> => {
    const { result } = await record(() => pulumi.output(homeOf(exampleModel({ pages }), "example/web")));
    return settled(result);
  };

  it("is below the host of the application, over TLS, and so is the page that tells whether it works", async () => {
    const roles = ["operator"] as const;
    assert.deepEqual(await homeIn({ path: "/web", health: "/health?full", purpose, roles }), {
      uri: "https://example.bibind.test/web",
      healthUri: "https://example.bibind.test/health?full",
      purpose,
      roles,
    });
  });

  it("is the root of its host, for everybody, unless the application declares a path and roles", async () => {
    const uri = "https://example.bibind.test/";
    assert.deepEqual(await homeIn({ purpose }), { uri, healthUri: uri, purpose, roles: [] });
  });

  it("is none for an application without pages", async () => {
    assert.equal(await homeIn(), undefined);
  });
});
