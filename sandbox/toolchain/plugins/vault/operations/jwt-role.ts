import type { Properties } from "../../server/values.ts";
import { asText, bodyOf, isApiData, propertiesIn } from "../schema/mapping.ts";
import { filled, objectOf, textOf, valuesIn } from "../schema/path.ts";
import type { Operations } from "../schema/row.ts";
import type { ApiData, ApiValue } from "../server/vault.ts";
import { object, updateBody } from "./object.ts";

/** The program writes a claim as one string, in which commas separate the items of a list. */
function withClaimLists(body: ApiData, desired: Properties): ApiData {
  if (!isApiData(body.bound_claims) || desired.disableBoundClaimsParsing === true) {
    return body;
  }
  const parsed = Object.entries(body.bound_claims).map(([claim, value]): readonly [string, ApiValue] => {
    const values = asText(value)
      .split(",")
      .map((item) => item.trim());
    return [claim, values.length > 1 ? values : (values[0] ?? "")];
  });
  return { ...body, bound_claims: Object.fromEntries(parsed) };
}

/** The claims as strings. A space after a comma stays where the program has one. */
function claimsFound(data: ApiData, known: Properties): Properties {
  const claims = isApiData(data.bound_claims) ? Object.entries(data.bound_claims) : [];
  const texts = claims.map(([claim, value]) => {
    const found = Array.isArray(value) ? value.map(asText).join(",") : asText(value);
    const written = textOf(objectOf(known, "boundClaims"), claim);
    return [claim, written.replace(/\s*,\s*/g, ",") === found ? written : found] as const;
  });
  return { boundClaims: Object.fromEntries(texts) };
}

/** A role of a JWT or OIDC auth method. */
export const jwtRole: Operations = {
  ...object(),
  async create({ vault, row }, desired) {
    const id = filled(row.path, desired);
    await vault.post(id, withClaimLists(bodyOf(row.properties, desired), desired));
    return { id };
  },
  async read({ vault, row }, id, known) {
    const data = await vault.get(id);
    return data && { ...valuesIn(row.path, id), ...propertiesIn(row.properties, data), ...claimsFound(data, known) };
  },
  async update({ vault, row }, id, desired, before) {
    await vault.post(id, withClaimLists(updateBody(row, desired, before), desired));
  },
};
