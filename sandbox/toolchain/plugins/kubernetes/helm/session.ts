import type { ResourceContext } from "../../server/plugin.ts";
import { numberAt, objectAt, serialise, textAt, withoutNullMembers, type JsonObject } from "../manifest/json.ts";
import { fieldManager } from "../manifest/naming.ts";
import type { Cluster, Target } from "../provider/target.ts";
import {
  installArguments,
  rollbackArguments,
  uninstallArguments,
  upgradeArguments,
  type HelmCall,
} from "./arguments.ts";
import { chartSource, isLocal } from "./chart.ts";
import { namelessFile } from "./files.ts";
import { removeHookPrograms } from "./hooks.ts";
import { helmMajor, runHelm } from "./program.ts";
import { revisions, type ReleaseRecord } from "./record.ts";

const FIVE_MINUTES = 300;
const TELL_EVERY_MS = 20_000;

/** Helm calls for one release of one cluster. */
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

  /** Mark of this resource on its release. */
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

  uninstall(): Promise<void> {
    return this.#run("uninstall", uninstallArguments);
  }

  rollback(revision: number): Promise<void> {
    return this.#run("rollback", (call) => rollbackArguments(call, revision));
  }

  removeHookPrograms(release: ReleaseRecord): Promise<void> {
    return removeHookPrograms(this.#context, this.#cluster.api, release);
  }

  async #withChart(verb: string, argumentsOf: (call: HelmCall) => string[], dryRun: boolean): Promise<void> {
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
      const full = (call: CallBase) => [...argumentsOf({ ...call, ...extra }), ...source.flags];
      await this.#run(dryRun ? "" : verb, full);
    } finally {
      source.files.forEach((file) => file.close());
    }
  }

  async #run(verb: string, argumentsOf: (call: CallBase) => string[]): Promise<void> {
    const { kubeconfig, connection } = this.#cluster;
    const config = namelessFile(kubeconfig.text);
    const values = namelessFile(serialise(sentValues(this.#inputs)));
    const stop = verb === "" ? () => undefined : this.#progress(verb);
    try {
      const call: CallBase = {
        inputs: this.#inputs,
        files: { kubeconfig: kubeconfig.path ?? config.path, values: values.path },
        context: connection.context,
        timeoutSeconds: this.timeoutSeconds,
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

  get timeoutSeconds(): number {
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
        `helm ${verb} has been waiting for ${seconds} s (at most ${this.timeoutSeconds} s)`,
      );
    }, TELL_EVERY_MS);
    return () => clearInterval(timer);
  }
}

type CallBase = Omit<HelmCall, "chart" | "owner" | "dryRun">;

/** Values as helm gets them; nulls only where they are asked for (helm reads null as "without the chart's default"). */
export function sentValues(inputs: JsonObject): JsonObject {
  const values = objectAt(inputs, "values");
  return inputs.allowNullValues === true ? values : withoutNullMembers(values);
}
