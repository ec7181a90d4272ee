/**
 * Writes `bench/doors.json`: how many guesses of one client get through in a minute. `before` is straight at Kratos, as when the
 * front door led there; `after` is through the pages. It starts servers of its own, with the cost of a password as on the platform.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { projectFolder } from "../sandbox/builds/folders.ts";
import type { Browser, Page } from "../test/integration/identity/browser.ts";
import { startPlatform, type Platform } from "../test/integration/identity/platform.ts";
import { Visitors } from "../test/integration/identity/visitors.ts";
import { AuthenticatorApp } from "../test/support/second-factor.ts";

/** Whose password and codes are guessed, and who gets mails. */
const [victim, recipient] = ["victim@bibind.test", "recipient@bibind.test"];
const minuteInMilliseconds = 60_000;

/** The windows of all limits are longer than a minute, so nothing more gets through after so many refusals. */
const enoughRefusals = 5;

/** Makes one guess. @returns whether it got through */
type Guess = () => Promise<boolean>;

/** Guesses that get through in a minute, one after the other. */
async function inAMinute(guess: Guess): Promise<number> {
  const end = performance.now() + minuteInMilliseconds;
  let [through, refused] = [0, 0];
  while (performance.now() < end && refused < enoughRefusals) {
    if (await guess()) {
      through += 1;
      refused = 0;
    } else {
      refused += 1;
    }
  }
  return through;
}

const flow = z.object({ ui: z.object({ action: z.string() }) });
const login = z.object({ session_token: z.string() });

/** Kratos' API for programs, which follows no form. */
class Direct {
  readonly #kratos: string;

  constructor(kratos: string) {
    this.#kratos = kratos;
  }

  async begin(kind: "login" | "recovery", query = "", token = ""): Promise<string> {
    const answer = await fetch(`${this.#kratos}/self-service/${kind}/api${query}`, {
      headers: { accept: "application/json", "x-session-token": token },
    });
    const { ui } = flow.parse(await answer.json());
    // The action names the public host, which leads to the pages.
    const { pathname, search } = new URL(ui.action);
    return `${this.#kratos}${pathname}${search}`;
  }

  send(action: string, entries: object, token = ""): Promise<Response> {
    return fetch(action, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json", "x-session-token": token },
      body: JSON.stringify(entries),
    });
  }

  /** Enters the password. @returns the token of a session that needs the second factor */
  async signIn(password: string): Promise<string> {
    const answer = await this.send(await this.begin("login"), { method: "password", identifier: victim, password });
    return login.parse(await answer.json()).session_token;
  }
}

/** The guesses straight at Kratos, each in a new flow if the flow limits them. */
async function before(platform: Platform, password: string): Promise<Record<string, Guess>> {
  const direct = new Direct(platform.kratos.publicUrl);
  const token = await direct.signIn(password);
  const answered = ({ status }: Response): boolean => status < 500 && status !== 429;
  return {
    passwords: async () =>
      answered(
        await direct.send(await direct.begin("login"), { method: "password", identifier: victim, password: "x" }),
      ),
    secondFactors: async () => {
      const action = await direct.begin("login", "?aal=aal2", token);
      return answered(await direct.send(action, { method: "totp", totp_code: "000000" }, token));
    },
    codes: async () => {
      const action = await direct.begin("recovery");
      await direct.send(action, { method: "code", email: victim });
      return answered(await direct.send(action, { method: "code", code: "000000" }));
    },
    mails: async () =>
      answered(await direct.send(await direct.begin("recovery"), { method: "code", email: recipient })),
  };
}

/** The same guesses through the pages. */
async function after(platform: Platform, visitors: Visitors): Promise<Record<string, Guess>> {
  const page = (by: Browser, path: string): Promise<Page> => by.open(`${platform.publicUrl}${path}`);
  const isCompared = ({ text }: Page): boolean => text.includes("is wrong");
  const thief = visitors.browser("en");
  await thief.submit(await page(thief, "/login"), { identifier: victim, password: visitors.passwordOf(victim) });
  const stranger = visitors.browser("en");
  const mail = async (email: string): Promise<Page> => stranger.submit(await page(stranger, "/recovery"), { email });
  const isSent = ({ text }: Page): boolean => text.includes("on its way");
  return {
    passwords: async () =>
      isCompared(await stranger.submit(await page(stranger, "/login"), { identifier: victim, password: "x" })),
    secondFactors: async () =>
      isCompared(await thief.submit(await page(thief, "/login?aal=aal2"), { totp_code: "000000" }, "totp")),
    codes: async () => {
      const sent = await mail(victim);
      return isSent(sent) && isCompared(await stranger.submit(sent, { code: "000000" }));
    },
    mails: async () => isSent(await mail(recipient)),
  };
}

async function measured(guesses: Readonly<Record<string, Guess>>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [name, guess] of Object.entries(guesses)) {
    counts[name] = await inAMinute(guess);
    process.stdout.write(`${name}: ${counts[name]}\n`);
  }
  return counts;
}

const platform = await startPlatform({ groups: {}, bcryptCost: 12 });
const visitors = new Visitors(platform, { callback: "https://nowhere.invalid/" });
try {
  await visitors.registered(recipient, ["Some", "Body"]);
  const own = await visitors.registered(victim, ["Some", "Body"]);
  const { next } = await AuthenticatorApp.setUp(own, await own.open(`${platform.publicUrl}/settings`));
  assert.match(next.text, /Your changes are saved/);
  const result = {
    commit: (await execa("git", ["rev-parse", "HEAD"], { cwd: projectFolder })).stdout,
    before: await measured(await before(platform, visitors.passwordOf(victim))),
    after: await measured(await after(platform, visitors)),
  };
  await writeFile(join(projectFolder, "bench", "doors.json"), `${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  await visitors.close();
  await platform.stop();
}
