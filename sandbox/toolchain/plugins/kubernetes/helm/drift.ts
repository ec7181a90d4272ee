import { changesBetween } from "../../server/changes.ts";
import { sameValue, textAt, withoutNullMembers, type JsonObject } from "../manifest/json.ts";
import type { ReleaseRecord } from "./record.ts";
import { sentValues } from "./session.ts";

/** The inputs of an imported release. @param known - the inputs from its id: name and namespace */
export function importedInputs(known: JsonObject, latest: ReleaseRecord): JsonObject {
  const { chart, values } = latest;
  return { ...known, chart: chart.name, version: chart.version, ...(Object.keys(values).length > 0 ? { values } : {}) };
}

/**
 * The inputs, with the values and the version of the latest revision when they were changed by hand. A failed or
 * pending revision has the requested values, not those of the running objects. Its status shows that difference.
 */
export function driftedInputs(inputs: JsonObject, latest: ReleaseRecord): JsonObject {
  const wanted = withoutNullMembers(sentValues(inputs));
  const live = withoutNullMembers(latest.values);
  const hasSameValues = inputs.reuseValues === true ? includes(live, wanted) : sameValue(wanted, live);
  const version = textAt(inputs, "version")?.replace(/^v/, "");
  const hasOtherVersion =
    version !== undefined && /^\d+\.\d+\.\d+/.test(version) && version !== latest.chart.version.replace(/^v/, "");
  return {
    ...inputs,
    ...(hasSameValues ? {} : { values: latest.values }),
    ...(hasOtherVersion ? { version: latest.chart.version } : {}),
  };
}

function includes(whole: JsonObject, part: JsonObject): boolean {
  return changesBetween(part, whole).every((change) => change.kind === "add");
}
