import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { applicationLabels } from "./application.ts";
import { caFile } from "./model.ts";
import { caVolume, configVolume, containerSecurity, podSecurity, type MountedVolume } from "./pods.ts";

export interface TaskArgs {
  readonly namespace: string;
  /** Service account of the pods. */
  readonly serviceAccount: string;
  /** Application of the task: name of its objects and label of its pods. */
  readonly application: string;
  /** Image of a program that reads the file of its option `--config`. */
  readonly image: string;
  /** Command and its arguments. The task runs it once, and again whenever the command or `config` changes. */
  readonly command: readonly string[];
  /** Command of the scheduled runs. Default: `command`. */
  readonly scheduledCommand?: readonly string[];
  /** Schedule in cron's format, in UTC. Default: none; the next deployment then repeats a run that failed. */
  readonly schedule?: string;
  /** Volume with the token by which the task proves its identity. */
  readonly access: MountedVolume;
  /** Configuration file of the program. It holds no secret. */
  readonly config: pulumi.Input<object>;
}

const configFolder = "/etc/identity";

/** The next deployment replaces a Job that failed. */
const replaceFailed = { "pulumi.com/replaceUnready": "true" };

/** A program that runs to its end: once for each configuration, and on a schedule if it has one. */
export class Task extends BibindComponent {
  /** True when the task has succeeded with this configuration; unknown before. */
  readonly done: pulumi.Output<boolean>;

  constructor(name: string, args: TaskArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:Task", name, opts);
    const { application, namespace } = args;
    const config = pulumi.output(args.config).apply((value) => JSON.stringify(value));
    const labels = applicationLabels(application);
    const configMap = new ConfigMap(
      this.child("config"),
      { metadata: { name: physicalName("kubernetesObject", application), namespace }, data: { "config.json": config } },
      { parent: this },
    );
    const template = (command: readonly string[]): object => ({
      metadata: { labels },
      spec: podSpec(args, command, configMap),
    });
    const job = new Job(
      this.child("job"),
      {
        metadata: {
          name: config.apply((text) => revision(application, [text, args.image, ...args.command])),
          namespace,
          labels,
          annotations: {
            "pulumi.com/timeoutSeconds": "300",
            ...(args.schedule === undefined ? replaceFailed : {}),
          },
        },
        spec: { backoffLimit: 4, template: template(args.command) },
      },
      { parent: this },
    );
    if (args.schedule !== undefined) {
      this.scheduled(args, args.schedule, template(args.scheduledCommand ?? args.command), job);
    }
    this.done = job.id.apply(() => true);
    this.registerOutputs({ done: this.done });
  }

  private scheduled({ application, namespace }: TaskArgs, schedule: string, template: object, first: Job): void {
    new CronJob(
      this.child("schedule"),
      {
        metadata: {
          name: physicalName("kubernetesObject", application),
          namespace,
          labels: applicationLabels(application),
        },
        spec: {
          schedule,
          concurrencyPolicy: "Forbid",
          successfulJobsHistoryLimit: 1,
          failedJobsHistoryLimit: 2,
          jobTemplate: { spec: { backoffLimit: 2, template } },
        },
      },
      { parent: this, dependsOn: [first] },
    );
  }
}

function podSpec(args: TaskArgs, command: readonly string[], configMap: ConfigMap): object {
  const volumes = [caVolume, configVolume(configFolder, configMap.metadata.name), args.access];
  return {
    serviceAccountName: args.serviceAccount,
    automountServiceAccountToken: false,
    restartPolicy: "Never",
    securityContext: podSecurity,
    volumes: volumes.map(({ volume }) => volume),
    containers: [
      {
        name: "task",
        image: args.image,
        args: [...command, "--config", `${configFolder}/config.json`],
        env: [{ name: "NODE_EXTRA_CA_CERTS", value: caFile }],
        volumeMounts: volumes.map(({ mount }) => mount),
        resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        securityContext: containerSecurity,
      },
    ],
  };
}

/** Name of a Job with this content. Kubernetes cannot change a Job, so new content needs a new name. */
function revision(application: string, content: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 8);
  return physicalName("kubernetesObject", application, `r${hash}`);
}
