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

/** @throws OperatorError when a file cannot be read, or when certificate and key do not match */
export async function tlsPair({ certFile, keyFile }: TlsFiles): Promise<Pair> {
  const pair = { cert: await readText(certFile, "tls.certFile"), key: await readText(keyFile, "tls.keyFile") };
  try {
    createSecureContext(pair);
  } catch (cause) {
    throw new OperatorError(
      {
        what: `certificate and key cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
        where: `${certFile}, ${keyFile}`,
        remedy: "use a certificate (PEM, with its chain) and its private key",
      },
      { cause },
    );
  }
  return pair;
}

/** Interval of the checks. Kubernetes updates the files of a pod within one or two minutes after a renewal. */
const pollMilliseconds = 10_000;

/**
 * Makes the server use a renewed certificate; connections stay open. The files are polled: Kubernetes replaces a symbolic
 * link above them, which a watch of the files does not see.
 *
 * @returns a function that ends the watch
 */
export function watchCertificate(
  server: Server,
  files: TlsFiles,
  log: Log,
  intervalMilliseconds = pollMilliseconds,
): () => void {
  const renew = async (): Promise<void> => {
    try {
      const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
      server.setSecureContext({ cert, key });
      log.info("certificate renewed");
    } catch (error) {
      // The files change one after the other: between the two changes they do not match.
      log.warn({ err: error }, "certificate and key cannot be used; the previous ones stay in use");
    }
  };
  const watched = [files.certFile, files.keyFile];
  for (const file of watched) {
    watchFile(file, { interval: intervalMilliseconds }, () => void renew());
  }
  return () => {
    watched.forEach((file) => unwatchFile(file));
  };
}
