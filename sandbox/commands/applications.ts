import { until } from "../builds/until.ts";
import { healthOf, healthy } from "./health.ts";
import type { ClusterChoice } from "./stack/settings.ts";
import type { StackOutputs } from "./stack/outputs.ts";
import { table } from "./table.ts";

/** An application as `make status` shows it: name, URL, who may sign in, health. */
export type ApplicationRow = readonly [name: string, url: string, who: string, health: string];

/** URL of an application's host. */
const urlOf = (host: string, { foundation }: StackOutputs): string => `https://${host}.${foundation.domain}`;

/** Reads the health of every application that people open in a browser. */
export function applicationRows(outputs: StackOutputs): Promise<ApplicationRow[]> {
  return Promise.all(
    outputs.applications.map(async ({ name, host, who, health }): Promise<ApplicationRow> => {
      const url = urlOf(host, outputs);
      return [name, url, who, await healthOf(new URL(health, url).href, outputs.foundation.caCertificate)];
    }),
  );
}

/** The ingress controller needs some seconds until it knows a new Service. */
const waitLimit = { seconds: 60, pause: 1000 };

/** Waits until every application is healthy. @returns their rows, also of those that are not healthy after 60 s */
export async function settledApplicationRows(outputs: StackOutputs): Promise<ApplicationRow[]> {
  let rows: ApplicationRow[] = [];
  await until(async () => {
    rows = await applicationRows(outputs);
    return rows.every(([, , , health]) => health === healthy);
  }, waitLimit);
  return rows;
}

/** The applications for people: where each of them is, who may sign in, and whether it works. */
export function applicationsTable(rows: readonly ApplicationRow[]): string {
  return table(["application", "URL", "who may sign in", "health"], rows);
}

/** What to do after `make up`. */
export function nextSteps(outputs: StackOutputs, cluster: ClusterChoice): string {
  const signIn = outputs.applications.find(({ name }) => name === "iam/identity");
  const steps = [
    ["make status", "this table again, and what runs on the machine"],
    ...(outputs.foundation.caCertificate === ""
      ? []
      : [["make ca FILE=ca.pem", "write the internal CA to a file, for your browser and for curl --cacert"]]),
    ...(signIn === undefined ? [] : [[`${urlOf(signIn.host, outputs)}/registration`, "register an account"]]),
    ...(cluster === "existing"
      ? []
      : [
          [`http://mail.${outputs.foundation.domain}:8025/view/latest.txt`, "the latest mail of the platform"],
          ["make ssh", "open a shell on the machine"],
          ["make logs", "the latest log lines of the machine"],
          ["make down", "stop the machine and keep the data"],
        ]),
  ];
  const width = Math.max(...steps.map(([command = ""]) => command.length));
  return ["", "Next:", ...steps.map(([command = "", what = ""]) => `  ${command.padEnd(width)}  ${what}`), ""].join(
    "\n",
  );
}
