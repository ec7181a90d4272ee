import assert from "node:assert/strict";
import { z } from "zod";
import { faultOfSmtpUrl } from "../../../stacks/iam/smtp-url.ts";
import { eventually } from "../../support/eventually.ts";
import { startPostgres, type TestPostgres } from "../toolchain/vault/postgres.ts";
import { startKratos } from "./kratos.ts";
import { type MailServer, mailTo, startMail } from "./mail.ts";
import type { OryServer } from "./ory.ts";

const flow = z.object({ ui: z.object({ action: z.string() }) });

/** A password with every character that has a meaning in a URL. */
const login = { user: "platform@bibind.test", password: `p#/?%@:&=+$,;[]"^w` };

/** Kratos writes to an unknown address too, so that the test needs no person. */
const configuration = { selfservice: { flows: { recovery: { notify_unknown_recipients: true } } } };

/** Asks Kratos to write a mail. @returns the status of its answer */
async function recover(kratos: OryServer, email: string): Promise<number> {
  const started = await fetch(`${kratos.publicUrl}/self-service/recovery/api`);
  const { ui } = flow.parse(await started.json());
  const headers = { "content-type": "application/json", accept: "application/json" };
  const body = JSON.stringify({ method: "code", email });
  return (await fetch(ui.action, { method: "POST", headers, body })).status;
}

describe("the URL of an SMTP server, as the settings check it and Kratos reads it", function () {
  this.timeout(180_000);
  let postgres: TestPostgres;
  let mail: MailServer;

  before("start PostgreSQL and a mail server that requires a login", async function () {
    this.timeout(1_800_000);
    postgres = await startPostgres();
    mail = await startMail(login);
  });

  after(async () => {
    await mail.stop();
    await postgres.remove();
  });

  it("holds a password of special characters in its encoded form, and Kratos logs in with it", async () => {
    assert.equal(faultOfSmtpUrl(mail.smtpUri), undefined);
    const kratos = await startKratos({ postgres, smtpUri: mail.smtpUri, configuration });
    try {
      assert.equal(await recover(kratos, "ada@bibind.test"), 200);
      await eventually("the mail arrives", 60, async () => {
        assert.equal((await mailTo(mail.url, "ada@bibind.test")).length, 1, await kratos.log());
      });
    } finally {
      await kratos.stop();
    }
  });

  for (const character of ["#", "/", "?", "%", "^"]) {
    it(`is refused by the settings when its password has a ${character}, because Kratos is ready with it and can write no mail`, async () => {
      const smtpUri = `smtps://user:p${character}w@127.0.0.1:465`;
      assert.match(faultOfSmtpUrl(smtpUri) ?? "", /percent-encoded/);
      const kratos = await startKratos({ postgres, smtpUri, configuration, sendsMail: false });
      assert.equal(await recover(kratos, "ada@bibind.test").finally(() => kratos.stop()), 500);
    });
  }
});
