import type { DiffResult } from "../../server/plugin.ts";
import { Unknown } from "../../server/values.ts";
import { connect, findKubeconfig } from "../../../../../components/kubernetes/kubeconfig.ts";
import { sameValue, type JsonObject } from "../manifest/json.ts";
import { readSettings, type Settings } from "./settings.ts";

/**
 * The difference between provider settings. Settings for another cluster replace all resources.
 *
 * This is the SDK's contract: when both settings have a `clusterIdentifier`, only that is compared. Otherwise another
 * server address means another cluster. Other credentials or another default namespace do not.
 */
export async function diffConfig(olds: JsonObject, news: JsonObject): Promise<DiffResult> {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const diffs = names.filter((name) => !sameValue(olds[name], news[name]));
  if (diffs.length === 0) {
    return { changes: false, replaces: [], diffs: [] };
  }
  const before = readSettings(olds);
  const after = readSettings(news);
  if (before.clusterIdentifier !== undefined && after.clusterIdentifier !== undefined) {
    const moved = before.clusterIdentifier !== after.clusterIdentifier;
    return { changes: true, replaces: moved ? ["clusterIdentifier"] : [], diffs };
  }
  const [from, to] = await Promise.all([serverOf(before), serverOf(after)]);
  const moved = from !== undefined && to !== undefined && from !== to;
  return { changes: true, replaces: moved ? ["kubeconfig"] : [], diffs };
}

/** Undefined when the kubeconfig is unknown or its file is gone. Then nothing is replaced. */
async function serverOf(settings: Settings): Promise<string | undefined> {
  if (settings.kubeconfig instanceof Unknown) {
    return undefined;
  }
  try {
    const { context, cluster } = settings;
    return (await connect(findKubeconfig(settings.kubeconfig), { context, cluster })).server;
  } catch {
    return undefined; // `configure` reports the error
  }
}
