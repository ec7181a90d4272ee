import { readFile } from "node:fs/promises";
import { unwatchFile, watchFile } from "node:fs";
import type { Server } from "node:https";
import { createSecureContext } from "node:tls";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Log } from "../log.ts";
import { readText } from "../config.ts";
import type { TlsFiles } from "./config.ts";

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** @throws OperatorError when a file cannot be read, or when the two do not belong together */
export async function tlsPair({ certFile, keyFile }: TlsFiles): Promise<Pair> {
  const pair = { cert: await readText(certFile, "tls.certFile"), key: await readText(keyFile, "tls.keyFile") };
  try {
    createSecureContext(pair);
  } catch (cause) {
    throw new OperatorError(
      {
        what: `certificate and key cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
        where: `${certFile}, ${keyFile}`,
        remedy: "give a certificate (PEM, with its chain) and the private key that belongs to it",
      },
      { cause },
    );
  }
  return pair;
}

/** How often the files are looked at. Kubernetes brings a renewed certificate into a pod within a minute or two. */
const lookMilliseconds = 10_000;

/**
 * Has the server show a renewed certificate, without losing a connection. The files are polled: Kubernetes puts a
 * link in their place, of which a watch of the file itself is not told.
 *
 * @returns a function that ends it
 */
export function renewing(server: Server, files: TlsFiles, log: Log, everyMilliseconds = lookMilliseconds): () => void {
  const renew = async (): Promise<void> => {
    try {
      const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
      server.setSecureContext({ cert, key });
      log.info("certificate renewed");
    } catch (error) {
      // Between the change of one file and that of the other they do not belong together: the second look mends it.
      log.warn({ err: error }, "certificate and key cannot be used; the former stay");
    }
  };
  const watched = [files.certFile, files.keyFile];
  for (const file of watched) {
    watchFile(file, { interval: everyMilliseconds }, () => void renew());
  }
  return () => {
    watched.forEach((file) => unwatchFile(file));
  };
}
