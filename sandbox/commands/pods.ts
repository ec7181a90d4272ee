import { OperatorError } from "../../components/errors/operator-error.ts";
import { until } from "../builds/until.ts";
import { askHost, knownHost } from "./known-host.ts";
import { wordsOf } from "./table.ts";

/** Pods that should be there now, one in a line: namespace, name, containers that are ready, state. */
export function listPods(): Promise<string | undefined> {
  const current = "--field-selector=status.phase!=Succeeded,status.phase!=Failed";
  return askHost("sudo", "microk8s", "kubectl", "get", "pods", "-A", "--no-headers", current);
}

/** How many pods are ready, and each that is not with its state. */
export interface Readiness {
  readonly ready: number;
  readonly waiting: readonly string[];
}

/** @param listed - see `listPods` */
export function readinessOf(listed: string): Readiness {
  const pods = wordsOf(listed, 2).filter(([, , , state]) => state !== "Terminating");
  const waiting = pods.filter(([, , ready = ""]) => ready.split("/")[0] !== ready.split("/")[1]);
  return {
    ready: pods.length - waiting.length,
    waiting: waiting.map(([namespace = "", name = "", , state = ""]) => `${namespace}/${name} (${state})`),
  };
}

const patience = { seconds: 300, pause: 1000 };

/**
 * Waits until every pod of the machine is ready: after a restart of the machine the engine finds nothing to change, and
 * ends before the programs have begun.
 *
 * @throws OperatorError naming those that do not become ready
 */
export async function waitForPods(): Promise<void> {
  let waiting: readonly string[] | undefined;
  const allReady = await until(async () => {
    const listed = await listPods();
    waiting = listed === undefined ? undefined : readinessOf(listed).waiting;
    return waiting?.length === 0;
  }, patience);
  if (allReady === undefined) {
    throw new OperatorError({
      what: `not ready after ${patience.seconds} s: ${waiting?.join(", ") ?? "the cluster does not answer"}`,
      where: knownHost.name,
      remedy:
        "look at one by: node_modules/.bin/node sandbox/main.ts ssh -- sudo microk8s kubectl -n NAMESPACE describe pod NAME",
    });
  }
}
