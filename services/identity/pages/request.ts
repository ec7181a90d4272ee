import type { Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../log.ts";
import type { PagesConfig } from "./config.ts";
import type { Limits } from "./limits/limits.ts";
import type { UsedCodes } from "./limits/used-codes.ts";
import type { IsGuessable } from "./passwords.ts";
import type { Services } from "./services.ts";
import { languageFor, type Language } from "../texts/language.ts";
import { page, type PageParts } from "./html/layout.ts";
import { contentPolicy } from "./security.ts";

/** The web server of the pages. */
export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, Log>;

/** What every route needs. */
export interface Context {
  readonly config: PagesConfig;
  readonly services: Services;
  readonly limits: Limits;
  readonly usedCodes: UsedCodes;
  readonly isGuessable: IsGuessable;
}

/** A query parameter; undefined when it is missing, empty or given twice. */
export function parameter(request: FastifyRequest, name: string): string | undefined {
  return textIn(request.query, name);
}

/** A field of the form; undefined when it is missing, empty or given twice. */
export function entry(request: FastifyRequest, name: string): string | undefined {
  return textIn(request.body, name);
}

/** A query parameter as it was parsed: a list when it is given twice. */
export function rawParameter(request: FastifyRequest, name: string): unknown {
  return valueIn(request.query, name);
}

function valueIn(source: unknown, name: string): unknown {
  return typeof source === "object" && source !== null ? Reflect.get(source, name) : undefined;
}

function textIn(source: unknown, name: string): string | undefined {
  const value = valueIn(source, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The language of the page: the one that the person chose, else the browser's. */
export function languageOf(request: FastifyRequest, chosen?: string): Language {
  return languageFor(chosen, request.headers["accept-language"]);
}

/** Sends a page. It must not be cached: it belongs to one person at one moment. */
export function sendPage(
  reply: FastifyReply,
  parts: PageParts,
  { status = 200, formTargets = [] }: { readonly status?: number; readonly formTargets?: readonly string[] } = {},
): FastifyReply {
  return reply
    .code(status)
    .header("content-type", "text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .header("content-language", parts.language)
    .header("content-security-policy", contentPolicy(formTargets))
    .send(page(parts));
}

/** Redirects the browser, with GET. */
export function redirect(reply: FastifyReply, url: string | URL): FastifyReply {
  return reply.header("cache-control", "no-store").redirect(String(url), 303);
}
