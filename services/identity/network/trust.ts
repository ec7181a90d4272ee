import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { readText } from "../config.ts";

/**
 * Makes every later connection of this program believe another authority, beside those that it believes anyway.
 *
 * @param caFile - PEM file of the authority
 * @param namedBy - setting that names the file
 */
export async function trust(caFile: string, namedBy: string): Promise<void> {
  setDefaultCACertificates([...getCACertificates("default"), await readText(caFile, namedBy)]);
}
