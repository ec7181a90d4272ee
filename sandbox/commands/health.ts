import { get } from "node:https";

/** Seconds in which an application must answer. */
const answerSeconds = 5;

/** @returns the status of the answer; undefined together with the reason when there is none */
function statusOf(url: string, caCertificate: string): Promise<number | string> {
  const trust = caCertificate === "" ? {} : { ca: caCertificate };
  return new Promise((resolve) => {
    const request = get(url, { ...trust, signal: AbortSignal.timeout(answerSeconds * 1000) }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", (error) => {
      resolve("code" in error && typeof error.code === "string" ? error.code : error.message);
    });
  });
}

/** What people read about an application that works. */
export const healthy = "healthy";

/**
 * The health of an application as a person sees it: through the front door, whose certificate must be valid.
 *
 * @param url - answers with a status from 200 to 399 while the application works
 * @param caCertificate - PEM certificate of the CA that must have signed the application's; empty for the public ones
 * @returns `healthy`, or what is wrong
 */
export async function healthOf(url: string, caCertificate: string): Promise<string> {
  const status = await statusOf(url, caCertificate);
  if (typeof status === "string") {
    return `does not answer: ${status}`;
  }
  return status >= 200 && status < 400 ? healthy : `unhealthy: it answers ${status}`;
}
