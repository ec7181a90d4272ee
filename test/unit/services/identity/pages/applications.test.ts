import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { mayUse, works } from "../../../../../services/identity/pages/applications.ts";
import type { RoleRules, SignedIn } from "../../../../../services/identity/pages/claims.ts";
import { freePort } from "../../../../support/free-port.ts";

describe("an application on the start page", () => {
  const person = { email: "ada@bibind.test", name: "Ada", language: "en", verified: ["ada@bibind.test"] };
  const rules: RoleRules = {
    groups: { operator: ["Ada@bibind.test"], auditor: [], developer: [] },
    secondFactor: ["operator"],
  };
  const signedIn: SignedIn = { person, hasSecondFactor: true };
  const unverified: SignedIn = { person: { ...person, verified: [] }, hasSecondFactor: true };

  it("is for everybody when it names no role", () => {
    assert.equal(mayUse(unverified, [], rules), true);
  });

  it("is for the members of its roles, whose address is verified, and for nobody else", () => {
    assert.equal(mayUse(signedIn, ["operator", "auditor"], rules), true);
    assert.equal(mayUse(signedIn, ["auditor"], rules), false);
    assert.equal(mayUse(unverified, ["operator"], rules), false);
  });

  it("is not for a member of a role that needs a second factor, after a sign-in without it", () => {
    assert.equal(mayUse({ person, hasSecondFactor: false }, ["operator"], rules), false);
  });
});

describe("the state of an application", () => {
  let server: Server;
  let url: string;

  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    server = createServer((request, response) => {
      const status = Number(request.url?.slice(1));
      if (status > 0) {
        response.writeHead(status, { location: `${url}/500` }).end("body");
      }
    }).listen(port, "127.0.0.1");
    await once(server, "listening");
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  for (const [status, expected] of [
    [200, true],
    [307, true],
    [404, false],
    [429, false],
    [503, false],
  ] as const) {
    it(`is ${expected ? "" : "not "}that it works when it answers ${status}`, async () => {
      assert.equal(await works(`${url}/${status}`), expected);
    });
  }

  it("is not that it works when it does not answer in time, or not at all", async () => {
    assert.equal(await works(`${url}/silent`), false);
    assert.equal(await works(`http://127.0.0.1:${await freePort()}/`), false);
  });
});
