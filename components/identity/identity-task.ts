import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { BibindComponent } from "../base.ts";
import { applicationLabels } from "../kubernetes/application.ts";
import { caFile } from "../kubernetes/model.ts";
import { physicalName } from "../names.ts";
import { vaultAudience } from "../vault/address.ts";
import { caVolume, configVolume, containerSecurity, podSecurity, tokenVolume, type MountedVolume } from "./pods.ts";

/** Whose service account a task runs with; an `AppIdentity` is one that Vault knows. */
export interface TaskIdentity {
  readonly namespace: pulumi.Input<string>;
  readonly serviceAccount: pulumi.Input<string>;
}

export interface IdentityTaskArgs {
  readonly identity: TaskIdentity;
  /** Application of the task: name of its objects and label of its pods. */
  readonly application: string;
  /** Image of services/identity. */
  readonly image: string;
  /** Command of the service, and its arguments: at once, and again whenever it or `config` changes. */
  readonly command: readonly string[];
  /** The same by the clock. Default: `command`. */
  readonly scheduledCommand?: readonly string[];
  /** When, as cron says it, in UTC. Default: never; a run that failed is then made again by the next deployment. */
  readonly schedule?: string;
  /** By what it proves who it is. Default: a token that is good for Vault alone, in `taskTokenFile`. */
  readonly access?: MountedVolume;
  /** Its configuration file, without a secret. */
  readonly config: pulumi.Input<object>;
}

const configFolder = "/etc/identity";

/** Where a task finds the token by which it logs in to Vault. */
export const taskTokenFile = "/var/run/vault/token";

/** A Job that failed is made anew by the next deployment. */
const again = { "pulumi.com/replaceUnready": "true" };

/** A task of the identity service that runs to its end: once for each configuration, and by the clock where that is said. */
export class IdentityTask extends BibindComponent {
  /** True once the task has ended well with this configuration. */
  readonly done: pulumi.Output<boolean>;

  constructor(name: string, args: IdentityTaskArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:identity:IdentityTask", name, opts);
    const { application, identity } = args;
    const text = pulumi.output(args.config).apply((config) => JSON.stringify(config));
    const labels = applicationLabels(application);
    const configMap = new ConfigMap(
      this.child("config"),
      {
        metadata: { name: physicalName("kubernetesObject", application), namespace: identity.namespace },
        data: { "config.json": text },
      },
      { parent: this },
    );
    const template = (command: readonly string[]): object => ({
      metadata: { labels },
      spec: this.podSpec(args, command, configMap),
    });
    const job = new Job(
      this.child("job"),
      {
        metadata: {
          name: text.apply((config) => revision(application, [config, args.image, ...args.command])),
          namespace: identity.namespace,
          labels,
          annotations: { "pulumi.com/timeoutSeconds": "300", ...(args.schedule === undefined ? again : {}) },
        },
        spec: { backoffLimit: 4, template: template(args.command) },
      },
      { parent: this },
    );
    if (args.schedule !== undefined) {
      this.byTheClock(args, args.schedule, template, job);
    }
    this.done = job.id.apply(() => true);
    this.registerOutputs({ done: this.done });
  }

  private byTheClock(
    args: IdentityTaskArgs,
    schedule: string,
    template: (command: readonly string[]) => object,
    first: Job,
  ): void {
    const { application, identity } = args;
    new CronJob(
      this.child("schedule"),
      {
        metadata: {
          name: physicalName("kubernetesObject", application),
          namespace: identity.namespace,
          labels: applicationLabels(application),
        },
        spec: {
          schedule,
          concurrencyPolicy: "Forbid",
          successfulJobsHistoryLimit: 1,
          failedJobsHistoryLimit: 2,
          jobTemplate: { spec: { backoffLimit: 2, template: template(args.scheduledCommand ?? args.command) } },
        },
      },
      { parent: this, dependsOn: [first] },
    );
  }

  private podSpec(args: IdentityTaskArgs, command: readonly string[], configMap: ConfigMap): object {
    const volumes = [
      caVolume,
      configVolume(configFolder, configMap.metadata.name),
      args.access ?? tokenVolume("/var/run/vault", vaultAudience),
    ];
    return {
      serviceAccountName: args.identity.serviceAccount,
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
}

/** A word for what a Job does: a Job never changes, so another content needs another name. */
function revision(application: string, content: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 8);
  return physicalName("kubernetesObject", application, `r${hash}`);
}
