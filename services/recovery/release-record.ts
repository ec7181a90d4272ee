import { gunzipSync, gzipSync } from "node:zlib";
import type { V1Secret } from "@kubernetes/client-node";
import { z } from "zod";

/** Helm's record of one revision of a release: a Secret in the namespace of the release (Helm 3 and 4). */
const secretSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    resourceVersion: z.string(),
    labels: z.object({
      name: z.string(),
      status: z.string(),
      version: z.string(),
      /** Seconds since 1970. */
      createdAt: z.string().optional(),
      modifiedAt: z.string().optional(),
    }),
  }),
  data: z.object({ release: z.string() }),
});

/** A revision of a release that Helm refuses to change. */
export interface StuckRelease {
  /** Release, revision and status, for people. */
  readonly title: string;
  readonly status: string;
  /** When Helm wrote the record, in milliseconds since 1970. */
  readonly writtenAt: number;
  /** Name, namespace and version of the Secret. */
  readonly record: { readonly name: string; readonly namespace: string; readonly resourceVersion: string };
  /** Helm's text about the revision: JSON, compressed by gzip, twice in base64. */
  readonly release: string;
}

/** Reads a Secret of Helm. @throws ZodError when it is none */
export function stuckRelease(secret: V1Secret): StuckRelease {
  const { metadata, data } = secretSchema.parse(secret);
  const { name, namespace, resourceVersion, labels } = metadata;
  return {
    title: `${namespace}/${labels.name} revision ${labels.version} (${labels.status})`,
    status: labels.status,
    writtenAt: Number(labels.modifiedAt ?? labels.createdAt ?? 0) * 1000,
    record: { name, namespace, resourceVersion },
    release: data.release,
  };
}

const releaseSchema = z.looseObject({ info: z.looseObject({ status: z.string() }) });

const encoded = (text: string | Buffer): string => Buffer.from(text).toString("base64");

/** A merge patch that gives the record the status `failed`, which Helm accepts before an upgrade and before a removal. */
export function failedPatch({ release, record }: StuckRelease): object {
  const packed = Buffer.from(Buffer.from(release, "base64").toString("utf8"), "base64");
  const text = releaseSchema.parse(JSON.parse(gunzipSync(packed).toString("utf8")));
  const failed = gzipSync(JSON.stringify({ ...text, info: { ...text.info, status: "failed" } }));
  return {
    metadata: { resourceVersion: record.resourceVersion, labels: { status: "failed" } },
    data: { release: encoded(encoded(failed)) },
  };
}
