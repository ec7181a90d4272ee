import type { UiText } from "@ory/kratos-client-fetch";
import { z } from "zod";
import { fill } from "./fill.ts";
import { kratosMessages } from "./kratos-messages.ts";
import type { Language } from "./language.ts";

const context = z.record(z.string(), z.unknown()).catch({});

/** A message of Kratos in the page's language; Kratos' own text (English) when there is no translation or a value is missing. */
export function kratosText(language: Language, message: UiText): string {
  const translation = kratosMessages[message.id]?.[language];
  if (translation === undefined) {
    return message.text;
  }
  const values = Object.entries(context.parse(message.context)).flatMap(([name, value]) =>
    typeof value === "string" || typeof value === "number" ? [[name, value] as const] : [],
  );
  return fill(translation, Object.fromEntries(values)) ?? message.text;
}
