import type { ResourceContext } from "../../server/plugin.ts";
import type { JsonObject } from "../manifest/json.ts";
import type { ReleaseRecord } from "./record.ts";
import { releaseText } from "./refusal.ts";
import type { HelmSession } from "./session.ts";

/** What to do before helm can go on: Helm refuses to touch a release that a killed run left pending. */
export type Recovery =
  | { readonly step: "none"; readonly then: "install" | "upgrade" }
  | { readonly step: "uninstall"; readonly then: "install" }
  | { readonly step: "rollback"; readonly to: number; readonly then: "upgrade" };

/** Whether the run that brought the release to its last revision, or removed it, did not end. */
export function isInterrupted({ status }: ReleaseRecord): boolean {
  return status.startsWith("pending-") || status === "uninstalling";
}

/** Plans the recovery from a release's kept revisions, newest first. */
export function recovery(revisions: readonly ReleaseRecord[]): Recovery {
  const [latest, ...earlier] = revisions;
  if (latest === undefined || latest.status === "uninstalled") {
    return { step: "none", then: "install" };
  }
  if (!isInterrupted(latest)) {
    return { step: "none", then: "upgrade" };
  }
  const good = earlier.find(({ status }) => status === "deployed" || status === "superseded");
  return good === undefined || latest.status === "uninstalling"
    ? { step: "uninstall", then: "install" }
    : { step: "rollback", to: good.revision, then: "upgrade" };
}

/** Brings the release into a state from which helm goes on, and says how it goes on. */
export async function ready(
  session: HelmSession,
  context: ResourceContext,
  inputs: JsonObject,
): Promise<"install" | "upgrade"> {
  const revisions = await session.revisions();
  const plan = recovery(revisions);
  const [latest] = revisions;
  if (plan.step !== "none" && latest !== undefined) {
    const how = plan.step === "uninstall" ? "uninstalling what is there" : `going back to revision ${plan.to}`;
    await context.log(
      "info",
      `${releaseText(inputs)} was left ${latest.status} by a run that did not end; ${how} first`,
    );
    await session.removeHookPrograms(latest);
    await (plan.step === "uninstall" ? session.uninstall() : session.rollback(plan.to));
  }
  return plan.then;
}
