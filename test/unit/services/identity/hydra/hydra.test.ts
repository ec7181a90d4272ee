import assert from "node:assert/strict";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { callHydra, hydraAdmin } from "../../../../../services/identity/hydra/hydra.ts";
import type { Fetch } from "../../../../../services/identity/network/retrying-fetch.ts";

const settings = { adminUrl: "https://hydra-admin.iam.svc/" };

/** Deletes a client in a Hydra that answers with this fetch. */
const deleting = (fetch: Fetch): Promise<void> =>
  callHydra("delete the client odoo", settings, () => hydraAdmin(settings, fetch).deleteOAuth2Client({ id: "odoo" }));

describe("a call of Hydra's admin API", () => {
  it("uses the address of the configuration", async () => {
    const urls: string[] = [];
    await deleting((url) => {
      urls.push(String(url));
      return Promise.resolve(new Response(null, { status: 204 }));
    });
    assert.deepEqual(urls, ["https://hydra-admin.iam.svc/admin/clients/odoo"]);
  });

  it("reports why Hydra refuses", async () => {
    const body = { error: "invalid_request", error_description: "The client is in use." };
    await assert.rejects(
      deleting(() => Promise.resolve(Response.json(body, { status: 400 }))),
      {
        name: "OperatorError",
        message: /Hydra refused to delete the client odoo \(400\): The client is in use\./,
      },
    );
  });

  it("reports what a proxy answers instead of Hydra", async () => {
    const page = new Response("<html>", { status: 502, statusText: "Bad Gateway" });
    await assert.rejects(
      deleting(() => Promise.resolve(page)),
      {
        name: "OperatorError",
        message: /\(502\): 502 Bad Gateway/,
      },
    );
  });

  it("reports that Hydra does not answer, as the network layer does", async () => {
    const away = new OperatorError({ what: "Hydra does not answer", where: "its address", remedy: "check it" });
    await assert.rejects(
      deleting(() => Promise.reject(away)),
      away,
    );
  });
});
