import type { Window } from "./limit.ts";

/** What is limited. A mail is one that sends a code. */
export const kinds = ["password", "secondFactor", "code", "mail"] as const;

export type Kind = (typeof kinds)[number];

/**
 * What tries are counted by.
 *
 * - `browser`: one browser in which the person has signed in to the account before.
 * - `browsers`: all such browsers of the account.
 * - `pair`: one account from one client, without such a browser. So one client cannot use up the limit of the account.
 * - `account`: one account from all clients, without such a browser.
 * - `client`: one client for all accounts.
 */
export const scopes = ["browser", "browsers", "pair", "account", "client"] as const;

export type Scope = (typeof scopes)[number];

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const within = (seconds: number, tries: number): Window => ({ tries, seconds });

/** The limits of all replicas together. A code has six digits, so 20 tries in a day find one in 50000 days. */
export const rules: Readonly<Record<Kind, Readonly<Record<Scope, readonly Window[]>>>> = {
  password: {
    browser: [within(10 * minute, 10), within(day, 50)],
    browsers: [within(day, 100)],
    pair: [within(10 * minute, 10), within(day, 30)],
    account: [within(day, 100)],
    client: [within(hour, 60)],
  },
  secondFactor: {
    browser: [within(15 * minute, 10), within(day, 20)],
    browsers: [within(day, 40)],
    pair: [within(15 * minute, 10), within(day, 20)],
    account: [within(day, 20)],
    client: [within(hour, 60)],
  },
  code: {
    browser: [within(hour, 10), within(day, 20)],
    browsers: [within(day, 40)],
    pair: [within(hour, 10), within(day, 20)],
    account: [within(day, 40)],
    client: [within(hour, 60)],
  },
  mail: {
    browser: [within(hour, 5), within(day, 10)],
    browsers: [within(day, 20)],
    pair: [within(hour, 5), within(day, 10)],
    account: [within(day, 20)],
    client: [within(hour, 60)],
  },
};
