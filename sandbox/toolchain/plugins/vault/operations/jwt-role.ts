import type { Properties } from "../../server/values.ts";
import type { ApiData, ApiValue } from "../server/vault.ts";
import type { Operations } from "../schema/row.ts";
import { asText, bodyOf, isApiData, propertiesIn } from "../schema/mapping.ts";
import { object, updateBody } from "./object.ts";
import { filled, objectOf, textOf, valuesIn } from "../schema/path.ts";

/** A claim of the program is one text; commas in it stand for a list. */
function claimsBody(body: ApiData, desired: Properties): ApiData {
  if (!isApiData(body.bound_claims) || desired.disableBoundClaimsParsing === true) {
    return body;
  }
  const parsed = Object.entries(body.bound_claims).map(([claim, value]): readonly [string, ApiValue] => {
    const values = asText(value)
      .split(",")
      .map((each) => each.trim());
    return [claim, values.length > 1 ? values : (values[0] ?? "")];
  });
  return { ...body, bound_claims: Object.fromEntries(parsed) };
}

/** The claims as texts; spaces after commas are the program's own. */
function claimsFound(data: ApiData, known: Properties): Properties {
  const claims = isApiData(data.bound_claims) ? Object.entries(data.bound_claims) : [];
  const spelled = objectOf(known, "boundClaims");
  const texts = claims.map(([claim, value]) => {
    const found = Array.isArray(value) ? value.map(asText).join(",") : asText(value);
    const own = textOf(spelled, claim);
    return [claim, own.replace(/\s*,\s*/g, ",") === found ? own : found] as const;
  });
  return { boundClaims: Object.fromEntries(texts) };
}

/** A role of a JWT or OIDC method. */
export const jwtRole: Operations = {
  ...object(),
  async create({ vault, row }, desired) {
    const id = filled(row.path, desired);
    await vault.post(id, claimsBody(bodyOf(row.properties, desired), desired));
    return { id };
  },
  async read({ vault, row }, id, known) {
    const data = await vault.get(id);
    return data && { ...valuesIn(row.path, id), ...propertiesIn(row.properties, data), ...claimsFound(data, known) };
  },
  async update({ vault, row }, id, desired, before) {
    await vault.post(id, claimsBody(updateBody(row, desired, before), desired));
  },
};
