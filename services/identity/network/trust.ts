import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { readText } from "../config.ts";

/**
 * Adds a CA to those that this program trusts, for all later connections.
 *
 * @param caFile - PEM file of the CA
 * @param setting - setting that names the file
 * @throws OperatorError when the file cannot be read
 */
export async function trust(caFile: string, setting: string): Promise<void> {
  setDefaultCACertificates([...getCACertificates("default"), await readText(caFile, setting)]);
}
