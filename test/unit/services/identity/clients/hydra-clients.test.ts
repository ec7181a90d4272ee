import assert from "node:assert/strict";
import { HydraClients } from "../../../../../services/identity/clients/hydra-clients.ts";
import { hydraAdmin } from "../../../../../services/identity/hydra/hydra.ts";
import type { Fetch } from "../../../../../services/identity/network/retrying-fetch.ts";

/** The clients of a Hydra that answers with these functions, by the path and query of a request. */
function clientsOf(answers: Readonly<Record<string, () => Response>>, adminUrl = "https://hydra.test"): HydraClients {
  const fetch: Fetch = (url) => {
    const answer = answers[String(url).replace("https://hydra.test", "")];
    assert(answer !== undefined, String(url));
    return Promise.resolve(answer());
  };
  return new HydraClients(hydraAdmin({ adminUrl }, fetch), { adminUrl }, 1);
}

const page = (id: string, link: string) => () => Response.json([{ client_id: id }], { headers: { link } });

describe("the clients in Hydra", () => {
  it("are read page by page", async () => {
    const clients = clientsOf({
      "/admin/clients?page_size=1": page(
        "one",
        '</admin/clients?page_token=x>; rel="first",</admin/clients?page_size=1&page_token=a%2Fb>; rel="next"',
      ),
      "/admin/clients?page_size=1&page_token=a%2Fb": page("two", '</admin/clients?page_token=x>; rel="first"'),
    });
    assert.deepEqual([...(await clients.all()).keys()], ["one", "two"]);
  });

  it("end with an empty page, or with a link that is no link", async () => {
    const empty = clientsOf({
      "/admin/clients?page_size=1": () =>
        Response.json([], { headers: { link: '</admin/clients?page_token=a>; rel="next"' } }),
    });
    assert.equal((await empty.all()).size, 0);
    assert.equal((await clientsOf({ "/admin/clients?page_size=1": page("one", '; rel="next"') }).all()).size, 1);
  });

  it("are found by their id, at an address with or without a final slash", async () => {
    const answers = {
      "/admin/clients/one": () => Response.json({ client_id: "one" }),
      "/admin/clients/two": () => Response.json({}, { status: 404 }),
    };
    for (const adminUrl of ["https://hydra.test", "https://hydra.test//"]) {
      const clients = clientsOf(answers, adminUrl);
      assert.equal((await clients.find("one"))?.client_id, "one");
      assert.equal(await clients.find("two"), undefined);
    }
  });

  it("are not reported as missing when Hydra refuses to read one", async () => {
    const clients = clientsOf({
      "/admin/clients/one": () =>
        Response.json({ error: "unavailable", error_description: "no database" }, { status: 500 }),
    });
    await assert.rejects(clients.find("one"), {
      name: "OperatorError",
      message: /Hydra refused to read the client one \(500\): no database/,
    });
  });
});
