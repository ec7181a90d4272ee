import assert from "node:assert/strict";
import { pino } from "pino";
import { parse } from "node-html-parser";
import { pagesConfig } from "../../../../../../services/identity/pages/config.ts";
import type { App } from "../../../../../../services/identity/pages/request.ts";
import { createServer } from "../../../../../../services/identity/pages/server.ts";
import { services } from "../../../../../../services/identity/pages/services.ts";
import { loopbackCertificate } from "../../../../../support/tls-server.ts";

const config = pagesConfig.parse({
  publicUrl: "https://auth.bibind.test",
  startHost: "welcome.bibind.test",
  kratos: { publicUrl: "https://kratos.invalid", adminUrl: "https://kratos.invalid", schema: "person" },
  hydra: { adminUrl: "https://hydra.invalid" },
  tls: { certFile: "unused", keyFile: "unused" },
  cookieSecretFile: "unused",
  groups: {},
});

describe("the start page", () => {
  let app: App;

  before(async () => {
    const { certificate: cert, key } = await loopbackCertificate();
    const log = pino({ enabled: false });
    app = await createServer({ config, services: services(config) }, { cert, key }, "s".repeat(32), log);
  });

  after(() => app.close());

  const start = (language: string, host = "auth.bibind.test") =>
    app.inject({ url: "/", headers: { host, "accept-language": language } });

  for (const [language, title, signIn] of [
    ["fr-FR,fr;q=0.9", "Bienvenue sur Bibind", "Se connecter"],
    ["en-GB", "Welcome to Bibind", "Sign in"],
  ] as const) {
    it(`says what the platform is and where to sign in, to a browser with the language ${language}`, async () => {
      const { statusCode, body } = await start(language);
      assert.equal(statusCode, 200);
      const root = parse(body);
      assert.equal(root.querySelector("h1")?.text, title);
      assert.equal(root.querySelector("html")?.getAttribute("lang"), language.slice(0, 2));
      assert.equal(root.querySelector('a[href="/login"]')?.text.trim(), signIn);
      assert(root.querySelector('a[href="/registration"]') !== null);
      assert.match(root.querySelector(".card p")?.text ?? "", /plateforme Bibind\.|Bibind platform\./);
    });
  }

  it("shows nothing of a person to who is not signed in", async () => {
    const { body } = await start("en");
    assert.doesNotMatch(body, /Your applications|Sign out/);
  });

  for (const url of ["/", "/login?flow=1", "/nowhere"]) {
    it(`is where every path of the second host leads: ${url}`, async () => {
      const { statusCode, headers } = await app.inject({ url, headers: { host: "welcome.bibind.test" } });
      assert.deepEqual([statusCode, headers.location], [303, "https://auth.bibind.test/"]);
    });
  }

  it("answers the probes of kubelet, which name no host", async () => {
    const { statusCode } = await app.inject({ url: "/health/ready", headers: { host: "10.1.2.3:8443" } });
    assert.equal(statusCode, 200);
  });
});
