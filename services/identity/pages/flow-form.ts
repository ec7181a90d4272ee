import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { jsonIn } from "./json.ts";
import { parameter } from "./request.ts";

/** A form of Kratos that a browser sent: values by the names of the fields. A field that is empty is not there. */
export type FlowForm = ReadonlyMap<string, string>;

/** Fields of every form. */
const sharedFields = ["csrf_token", "method"];

/** Values in JSON, as the fields of a form. */
const jsonFields = z.record(z.string(), z.union([z.string(), z.boolean(), z.number()]).transform(String));

function entriesIn({ headers, body }: FastifyRequest): Iterable<readonly [string, string]> | undefined {
  const text = body instanceof Buffer ? body.toString("utf8") : "";
  const [type] = (headers["content-type"] ?? "").split(";");
  switch (type?.trim().toLowerCase()) {
    case "application/x-www-form-urlencoded":
      return new URLSearchParams(text);
    case "application/json": {
      const { data } = jsonFields.safeParse(jsonIn(text));
      return data === undefined ? undefined : Object.entries(data);
    }
    default:
      return undefined;
  }
}

/**
 * Reads a form. Fields that the form does not have are left out, and so are repeated ones: Kratos also reads other names,
 * and two programs read a field that is given twice in two ways.
 *
 * @param names - fields of the form besides token and method
 * @returns undefined when the body is neither a form nor JSON
 */
export function formIn(request: FastifyRequest, names: readonly string[]): FlowForm | undefined {
  const entries = entriesIn(request);
  if (entries === undefined) {
    return undefined;
  }
  const form = new Map<string, string>();
  for (const [name, value] of entries) {
    if ([...sharedFields, ...names].includes(name) && value !== "" && !form.has(name)) {
      form.set(name, value);
    }
  }
  return form;
}

/** A form with only some of its fields, besides token and method. */
export function withFields(form: FlowForm, values: Readonly<Record<string, string | undefined>>): FlowForm {
  const shared = sharedFields.flatMap((name) => [[name, form.get(name)] as const]);
  return new Map(
    [...shared, ...Object.entries(values)].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The URL of the page that shows a flow. */
export function pageOf(request: FastifyRequest, path: string): string {
  const flow = parameter(request, "flow");
  return flow === undefined ? path : `${path}?${new URLSearchParams({ flow }).toString()}`;
}
