import getPort from "get-port";

/** A port of the loopback on which nobody listens; another one at every call, for as long as a server needs to start. */
export function freePort(): Promise<number> {
  return getPort({ host: "127.0.0.1" });
}
