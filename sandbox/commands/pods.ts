import { OperatorError } from "../../components/errors/operator-error.ts";
import { until } from "../builds/until.ts";
import { outputOnHost, knownHost } from "./known-host.ts";
import { columnsOf } from "./table.ts";

const podsIn = (phase: string): Promise<string | undefined> =>
  outputOnHost("sudo", "microk8s", "kubectl", "get", "pods", "-A", "--no-headers", `--field-selector=${phase}`);

/**
 * The pods that have not ended, one per line: namespace, name, ready containers, state.
 *
 * @returns undefined when the cluster does not answer
 */
export const listPods = (): Promise<string | undefined> => podsIn("status.phase!=Succeeded,status.phase!=Failed");

/** The pods of tasks that succeeded, in the form of `listPods`. Kubernetes starts the pod of any other workload again. */
export const listFinishedPods = (): Promise<string | undefined> => podsIn("status.phase=Succeeded");

/** The number of ready pods, and the names and states of the others. */
export interface Readiness {
  readonly ready: number;
  /** One text per pod, such as `iam/vault-0 (Pending)`. */
  readonly waiting: readonly string[];
}

/** Names of pods, such as `iam/vault-0`. @param listed - output of `listPods` */
export const podNames = (listed: string): string[] =>
  columnsOf(listed, 2).map(([namespace = "", name = ""]) => `${namespace}/${name}`);

/** Counts the pods. A pod that is terminating does not count. @param listed - output of `listPods` */
export function readinessOf(listed: string): Readiness {
  const pods = columnsOf(listed, 2).filter(([, , , state]) => state !== "Terminating");
  const waiting = pods.filter(([, , ready = ""]) => ready.split("/")[0] !== ready.split("/")[1]);
  return {
    ready: pods.length - waiting.length,
    waiting: waiting.map(([namespace = "", name = "", , state = ""]) => `${namespace}/${name} (${state})`),
  };
}

const waitLimit = { seconds: 300, pause: 1000 };

/**
 * Waits until every pod of the machine is ready. After a restart of the machine the engine finds nothing to change, so
 * it ends before the pods have started.
 *
 * @throws OperatorError that names the pods which are not ready after 300 s
 */
export async function waitForPods(): Promise<void> {
  let waiting: readonly string[] | undefined;
  const allReady = await until(async () => {
    const listed = await listPods();
    waiting = listed === undefined ? undefined : readinessOf(listed).waiting;
    return waiting?.length === 0;
  }, waitLimit);
  if (allReady === undefined) {
    throw new OperatorError({
      what: `not ready after ${waitLimit.seconds} s: ${waiting?.join(", ") ?? "the cluster does not answer"}`,
      where: knownHost.name,
      remedy: "inspect a pod with: make ssh ARGS='sudo microk8s kubectl -n NAMESPACE describe pod NAME'",
    });
  }
}
