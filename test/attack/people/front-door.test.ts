import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import type { Browser } from "../../integration/identity/browser.ts";
import { startPlatform, type Platform } from "../../integration/identity/platform.ts";
import { Visitors } from "../../integration/identity/visitors.ts";
import { registrationEntries } from "../../support/sign-up.ts";

const ada = "ada@bibind.test";
const eve = "eve@bibind.test";

/** Somebody outside can send any request to the sign-in host. */
describe("Somebody outside, at the front door of the sign-in", function () {
  this.timeout(120_000);
  let platform: Platform;
  let visitors: Visitors;
  let signedIn: Browser;
  let signedOut: Browser;
  let running: Platform | undefined;

  before(async function () {
    this.timeout(1_800_000);
    platform = await startPlatform({ groups: {} });
    running = platform;
    visitors = new Visitors(platform, { callback: "https://odoo.bibind.test/callback" });
    signedIn = await visitors.registered(ada, ["Ada", "Lovelace"]);
    signedOut = visitors.browser("en");
  });

  after(async () => {
    if (running !== undefined) {
      await visitors.close();
      await running.stop();
    }
  });

  /** Sends a path as it is: `fetch` would resolve `..` itself. */
  async function ask(
    method: string,
    path: string,
    cookie = "",
  ): Promise<{ readonly status: number | undefined; readonly location: string; readonly body: string }> {
    const { hostname, port } = new URL(platform.publicUrl);
    const options = { hostname, port, path, method, headers: { cookie, accept: "text/html" } };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ ...options, ca: platform.caCertificate }, resolve)
        .on("error", reject)
        .end();
    });
    return { status: answer.statusCode, location: answer.headers.location ?? "", body: await text(answer) };
  }

  it("cannot list or end the sessions of a person with a password alone: sessions have no path", async () => {
    const [own, other] = [await visitors.signedIn(ada), await visitors.signedIn(ada)];
    const cookie = await own.cookies(platform.publicUrl);
    for (const [method, path] of [
      ["GET", "/sessions"],
      ["GET", "/sessions/whoami"],
      ["DELETE", "/sessions"],
    ] as const) {
      assert.equal((await ask(method, path, cookie)).status, 404, `${method} ${path}`);
    }
    assert.equal(await visitors.hasSession(other), true);
  });

  for (const path of [
    "/schemas",
    "/schemas/person",
    "/self-service/login/api",
    "/self-service/recovery/api",
    "/self-service/settings/api",
    "/self-service/registration/browser",
    "/self-service/verification/browser",
    "/self-service/logout/browser",
    "/self-service/login/flows?id=00000000-0000-4000-8000-000000000000",
    "/self-service/errors?id=stub:500",
    "/identities",
    "/admin/identities",
    "/self-service/../admin/identities",
    "/self-service/login/../../admin/identities",
    "/self-service/%2e%2e/admin/identities",
    "/self-service/..%2fadmin/identities",
    "/self-service/login/",
    "/oauth2/fallbacks/login",
    "/oauth2/../admin/clients",
    "/oauth2/register",
    "/health/version",
    "/version",
  ]) {
    it(`finds nothing at ${path}, and no name of a machine in the answer`, async () => {
      const { status, location, body } = await ask("GET", path);
      assert.deepEqual([status, location], [404, ""], body);
      assert.ok(
        !body.includes(new URL(platform.kratos.adminUrl).host) && !body.includes(new URL(platform.hydra.adminUrl).host),
      );
    });
  }

  it("gets no cookie at a host below that of the sign-in", async () => {
    const browser = await visitors.signedIn(ada);
    await browser.open(`${platform.publicUrl}/address`);
    assert.match(
      await browser.cookies(platform.publicUrl),
      /ory_kratos_session=.*__Host-bibind-form=|__Host-bibind-form=.*ory_kratos_session=/,
    );
    assert.deepEqual(await browser.sharedCookies(platform.publicUrl), []);
  });

  for (const target of [
    "https://evil.test/",
    "https://other.bibind.test/",
    "https://odoo.bibind.test:8443/",
    "http://odoo.bibind.test/",
    "https://odoo.bibind.test@evil.test/",
    "https://ada:password@odoo.bibind.test/",
    "https://ada@odoo.bibind.test/",
    "https:\\\\evil.test/",
    "https:evil.test/",
    "/\\evil.test/",
    "//evil.test/",
    "https://odoo.bibind.test\\@evil.test/",
  ]) {
    it(`cannot make a sign-in return to ${target}`, async () => {
      const query = new URLSearchParams({ return_to: target }).toString();
      for (const flow of ["login", "recovery", "settings"]) {
        const { status, location } = await ask("GET", `/self-service/${flow}/browser?${query}`);
        const toLogin = flow === "settings" && location.startsWith(`${platform.publicUrl}/self-service/login/browser`);
        const isRefused = status === 400 || location.startsWith(`${platform.publicUrl}/error?`) || toLogin;
        assert.ok(isRefused, `${flow}: ${String(status)} ${location}`);
      }
      const cookie = await signedIn.cookies(platform.publicUrl);
      for (const flow of ["login", "recovery"]) {
        const { location } = await ask("GET", `/self-service/${flow}/browser?${query}`, cookie);
        assert.equal(new URL(location, platform.publicUrl).origin, platform.publicUrl, flow);
      }
      const registration = await signedOut.open(`${platform.publicUrl}/registration?${query}`);
      const end =
        registration.status === 400 ? registration : await signedOut.submit(registration, registrationEntries(eve));
      assert.equal(end.status, 400);
    });
  }

  it("lets a sign-in return to a host of the platform", async () => {
    const query = new URLSearchParams({ return_to: "https://odoo.bibind.test/path?page=1" }).toString();
    const { location } = await ask("GET", `/self-service/login/browser?${query}`);
    assert.match(location, /\/login\?flow=/);
  });

  it("cannot put an invisible character into an account, nor one that resembles another into an address", async () => {
    const create = async (traits: object): Promise<number> => {
      const answer = await fetch(`${platform.kratos.adminUrl}/admin/identities`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ schema_id: "person", traits }),
      });
      return answer.status;
    };
    const name = { first: "Zoë", last: "O’Neill" };
    assert.equal(await create({ email: "zoe@bibind.test", name, organisation: "李 & Co" }), 201);
    for (const traits of [
      { email: "one@bibind.test", name: { ...name, first: "Zo\u0007ë" } },
      { email: "two@bibind.test", name: { ...name, last: "O’Neill\nOperator" } },
      { email: "three@bibind.test", name, organisation: "Bib\u202Edni" },
      { email: "four@bibind.test", name: { ...name, first: "Zo\u200Bë" } },
      { email: "fi\u0007ve@bibind.test", name },
      { email: "si\nx@bibind.test", name },
      { email: "seven@bi\u212And.test", name },
    ]) {
      assert.equal(await create(traits), 400, JSON.stringify(traits));
    }
  });
});
