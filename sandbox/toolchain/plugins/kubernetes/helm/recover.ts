import type { ResourceContext } from "../../server/plugin.ts";
import type { JsonObject } from "../manifest/json.ts";
import { isInterrupted, type ReleaseRecord } from "./record.ts";
import { releaseText } from "./refusal.ts";
import type { HelmSession } from "./session.ts";

/** What to do before helm can continue. Helm refuses to change a release that a killed run left pending. */
export type Recovery =
  | { readonly step: "none"; readonly then: "install" | "upgrade" }
  | { readonly step: "uninstall"; readonly release: ReleaseRecord; readonly then: "install" }
  | { readonly step: "rollback"; readonly release: ReleaseRecord; readonly to: number; readonly then: "upgrade" };

/** Decides how to recover. @param revisions - the recorded revisions, newest first */
export function recovery(revisions: readonly ReleaseRecord[]): Recovery {
  const [latest, ...earlier] = revisions;
  if (latest === undefined || latest.status === "uninstalled") {
    return { step: "none", then: "install" };
  }
  if (!isInterrupted(latest)) {
    return { step: "none", then: "upgrade" };
  }
  const lastGood = earlier.find(({ status }) => status === "deployed" || status === "superseded");
  return lastGood === undefined || latest.status === "uninstalling"
    ? { step: "uninstall", release: latest, then: "install" }
    : { step: "rollback", release: latest, to: lastGood.revision, then: "upgrade" };
}

/** Recovers from an interrupted run. @returns how helm continues */
export async function recover(
  session: HelmSession,
  context: ResourceContext,
  inputs: JsonObject,
): Promise<"install" | "upgrade"> {
  const plan = recovery(await session.revisions());
  if (plan.step !== "none") {
    const how = plan.step === "uninstall" ? "uninstalling it" : `rolling back to revision ${plan.to}`;
    const state = `${releaseText(inputs)} was left ${plan.release.status} by an interrupted run`;
    await context.log("info", `${state}; ${how} first`);
    await (plan.step === "uninstall" ? session.uninstall(plan.release) : session.rollback(plan.release, plan.to));
  }
  return plan.then;
}
