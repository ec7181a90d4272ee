import type { ResourceContext } from "../../server/plugin.ts";
import { numberAt, objectAt, serialise, textAt, withoutNullMembers, type JsonObject } from "../manifest/json.ts";
import { fieldManager } from "../manifest/naming.ts";
import type { Cluster, Target } from "../provider/target.ts";
import {
  installArguments,
  rollbackArguments,
  uninstallArguments,
  upgradeArguments,
  type ChartCall,
  type ReleaseCall,
} from "./arguments.ts";
import { chartSource, isLocal } from "./chart.ts";
import { unlinkedFile } from "./files.ts";
import { removeHooks } from "./hooks.ts";
import { helmMajor, runHelm } from "./program.ts";
import { isInterrupted, revisions, type ReleaseRecord } from "./record.ts";

const FIVE_MINUTES = 300;
const REPORT_INTERVAL_MS = 20_000;

/** Runs helm for one release of a cluster. */
export class HelmSession {
  readonly #context: ResourceContext;
  readonly #inputs: JsonObject;
  readonly #target: Target;
  readonly #cluster: Cluster;

  constructor(context: ResourceContext, inputs: JsonObject, target: Target, cluster: Cluster) {
    this.#context = context;
    this.#inputs = inputs;
    this.#target = target;
    this.#cluster = cluster;
  }

  /** Identifies this resource on its release. */
  get owner(): string {
    return fieldManager(this.#context.urn).replace("pulumi-kubernetes-", "");
  }

  revisions(): Promise<ReleaseRecord[]> {
    return revisions(this.#cluster.api, textAt(this.#inputs, "namespace") ?? "", textAt(this.#inputs, "name") ?? "");
  }

  install(dryRun = false): Promise<void> {
    return this.#withChart("install", installArguments, dryRun);
  }

  upgrade(dryRun = false): Promise<void> {
    return this.#withChart("upgrade", upgradeArguments, dryRun);
  }

  async uninstall(latest: ReleaseRecord): Promise<void> {
    await this.#clearInterrupted(latest);
    await this.#run("uninstall", uninstallArguments);
  }

  async rollback(latest: ReleaseRecord, revision: number): Promise<void> {
    await this.#clearInterrupted(latest);
    await this.#run("rollback", (call) => rollbackArguments(call, revision));
  }

  /** Deletes the hooks of an interrupted run, because they can block helm. */
  async #clearInterrupted(latest: ReleaseRecord): Promise<void> {
    if (isInterrupted(latest)) {
      await removeHooks(this.#context, this.#cluster.api, latest);
    }
  }

  async #withChart(verb: string, argumentsOf: (call: ChartCall) => string[], dryRun: boolean): Promise<void> {
    const source = chartSource(this.#inputs);
    try {
      if (source.repository !== undefined) {
        const args = ["repo", "update", source.repository, ...source.flags];
        await this.#helm(args);
      }
      const extra = { chart: source.chart, owner: this.owner, dryRun };
      if (dryRun && this.#inputs.lint === true && isLocal(this.#inputs)) {
        await this.#run("lint", (call) => ["lint", source.chart, "--values", call.files.values]);
      }
      const full = (call: ReleaseCall) => [...argumentsOf({ ...call, ...extra }), ...source.flags];
      await this.#run(dryRun ? "" : verb, full);
    } finally {
      source.files.forEach((file) => file.close());
    }
  }

  async #run(verb: string, argumentsOf: (call: ReleaseCall) => string[]): Promise<void> {
    const { kubeconfig, connection } = this.#cluster;
    const config = unlinkedFile(kubeconfig.text);
    const values = unlinkedFile(serialise(sentValues(this.#inputs)));
    const stop = verb === "" ? () => undefined : this.#progress(verb);
    try {
      const call: ReleaseCall = {
        inputs: this.#inputs,
        files: { kubeconfig: kubeconfig.path ?? config.path, values: values.path },
        context: connection.context,
        timeoutSeconds: this.#timeoutSeconds,
        major: await helmMajor(this.#context.cancelled),
      };
      await this.#helm(argumentsOf(call));
    } finally {
      stop();
      config.close();
      values.close();
    }
  }

  #helm(args: readonly string[]): Promise<string> {
    const environment = this.#target.settings.helmEnvironment;
    return runHelm({ args, environment, cancelled: this.#context.cancelled });
  }

  get #timeoutSeconds(): number {
    return this.#context.timeoutSeconds > 0
      ? Math.ceil(this.#context.timeoutSeconds)
      : (numberAt(this.#inputs, "timeout") ?? FIVE_MINUTES);
  }

  #progress(verb: string): () => void {
    const start = performance.now();
    const timer = setInterval(() => {
      const seconds = Math.round((performance.now() - start) / 1000);
      void this.#context.log(
        "info",
        `helm ${verb} has been running for ${seconds} s (at most ${this.#timeoutSeconds} s)`,
      );
    }, REPORT_INTERVAL_MS);
    return () => clearInterval(timer);
  }
}

/** The values for helm. They contain null only when the program allows it: null removes a default of the chart. */
export function sentValues(inputs: JsonObject): JsonObject {
  const values = objectAt(inputs, "values");
  return inputs.allowNullValues === true ? values : withoutNullMembers(values);
}
