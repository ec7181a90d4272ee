import assert from "node:assert/strict";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { asking, hydraAdmin } from "../../../../../services/identity/hydra/hydra.ts";
import type { Fetch } from "../../../../../services/identity/network/patient-fetch.ts";

const settings = { adminUrl: "https://hydra-admin.iam.svc/" };

/** Deletes a client at a Hydra that answers like this. */
const deleting = (fetch: Fetch): Promise<void> =>
  asking("delete the client odoo", settings, () => hydraAdmin(settings, fetch).deleteOAuth2Client({ id: "odoo" }));

describe("a call of Hydra's administration", () => {
  it("goes below the address in the configuration", async () => {
    const urls: string[] = [];
    await deleting((url) => {
      urls.push(String(url));
      return Promise.resolve(new Response(null, { status: 204 }));
    });
    assert.deepEqual(urls, ["https://hydra-admin.iam.svc/admin/clients/odoo"]);
  });

  it("tells what Hydra says when it refuses", async () => {
    const body = { error: "invalid_request", error_description: "The client is in use." };
    await assert.rejects(
      deleting(() => Promise.resolve(Response.json(body, { status: 400 }))),
      {
        name: "OperatorError",
        message: /Hydra refused to delete the client odoo \(400\): The client is in use\./,
      },
    );
  });

  it("tells what a proxy says in Hydra's place", async () => {
    const page = new Response("<html>", { status: 502, statusText: "Bad Gateway" });
    await assert.rejects(
      deleting(() => Promise.resolve(page)),
      {
        name: "OperatorError",
        message: /\(502\): 502 Bad Gateway/,
      },
    );
  });

  it("tells that nobody answers as the network layer does", async () => {
    const away = new OperatorError({ what: "nobody answers", where: "there", remedy: "look" });
    await assert.rejects(
      deleting(() => Promise.reject(away)),
      away,
    );
  });
});
