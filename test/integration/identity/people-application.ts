import assert from "node:assert/strict";
import { oauthClientSpec } from "../../../services/identity/clients/custom-resource.ts";
import { desiredClient } from "../../../services/identity/clients/desired.ts";
import type { Platform } from "./platform.ts";

/** An application that people open in a browser. */
export interface PeopleApplication {
  readonly clientId: string;
  readonly name: string;
  /** Roles that may use it; empty: everybody. */
  readonly roles: readonly string[];
  /** URL where the pages ask for its state. The one of a real application has TLS. */
  readonly healthUri: string;
}

/** Gives Hydra the client of an application with a page for people, as the controller of OAuth2 clients does. */
export async function showApplication(platform: Platform, given: PeopleApplication): Promise<void> {
  const { clientId, name, roles, healthUri } = given;
  const purpose = { en: "In English", fr: "En français" };
  const home = { uri: `https://${clientId}.bibind.test/`, healthUri, purpose, roles: [...roles] };
  const spec = oauthClientSpec.parse({ clientId, name, grantTypes: ["client_credentials"], scopes: ["read"] });
  const client = desiredClient({ ...spec, home }, { namespace: "test", name: clientId }, undefined);
  const answer = await fetch(`${platform.hydra.adminUrl}/admin/clients`, {
    method: "POST",
    body: JSON.stringify(client),
  });
  assert.equal(answer.status, 201, await answer.text());
}
