import getPort from "get-port";

/** A free port of the loopback interface. For some seconds, no later call returns the same port. */
export function freePort(): Promise<number> {
  return getPort({ host: "127.0.0.1" });
}
