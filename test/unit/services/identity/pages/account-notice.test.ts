import assert from "node:assert/strict";
import { pino } from "pino";
import { tellFormerAddress, tellingChanges } from "../../../../../services/identity/pages/account-notice.ts";
import type { Mail } from "../../../../../services/identity/pages/mail.ts";
import { FakeOry, servicesOf } from "../../../../support/pages.ts";

const silent = pino({ enabled: false });
const ada = { id: "ada", schema_id: "person", schema_url: "", traits: { email: "ada@bibind.test" } };
const changedAt = (day: number): object => ({ updated_at: `2026-01-0${day}T00:00:00Z` });

describe("the mail about a change of an account", () => {
  let credentials: object;
  let mails: Mail[];
  const ory = new FakeOry({
    "GET /sessions/whoami": { id: "session", identity: ada },
    get "GET /admin/identities/ada"() {
      return { ...ada, credentials };
    },
  });
  const services = servicesOf(ory, (mail) => Promise.resolve(void mails.push(mail)));

  /** Changes the credentials as a form of the settings does. */
  const change = (to: object, cookie?: string): Promise<void> =>
    tellingChanges(cookie, services, silent, () => {
      credentials = to;
      return Promise.resolve();
    });

  beforeEach(() => {
    credentials = { password: changedAt(1), totp: changedAt(1) };
    mails = [];
  });

  it("names the credential that changed, in both languages", async () => {
    await change({ password: changedAt(2), totp: changedAt(1) }, "session");
    assert.deepEqual(
      mails.map(({ to, subject }) => [to, subject]),
      [["ada@bibind.test", "Votre compte Bibind a changé · Your Bibind account changed"]],
    );
    assert.match(mails[0]?.text ?? "", /nouveau mot de passe[^]*new password/);
  });

  it("is sent for a credential that is new, and for one that was removed", async () => {
    await change({ password: changedAt(1), lookup_secret: changedAt(2) }, "session");
    assert.deepEqual(
      mails.map(({ text }) => /authenticator app|backup codes/.exec(text)?.[0]),
      ["authenticator app", "backup codes"],
    );
  });

  it("is not sent when nothing changed, nor without a session", async () => {
    await change({ password: changedAt(1), totp: changedAt(1) }, "session");
    await change({ password: changedAt(2), totp: changedAt(1) });
    assert.deepEqual(mails, []);
  });

  it("is sent to the previous address when the address of the account changes", async () => {
    await tellFormerAddress("old@bibind.test", services, silent);
    assert.equal(mails[0]?.to, "old@bibind.test");
    assert.match(mails[0].text, /another e-mail address now/);
  });

  it("does not undo the change when no server accepts it", async () => {
    const withoutServer = servicesOf(ory);
    await tellingChanges("session", withoutServer, silent, () => {
      credentials = {};
      return Promise.resolve();
    });
    assert.deepEqual(credentials, {});
  });
});
