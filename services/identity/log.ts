import { pino, type Logger } from "pino";

export type Log = Logger;

/** JSON lines on standard output, one per event; the level by its name, as log collectors expect it. */
export function createLog(command: string): Log {
  return pino({
    base: { command },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}
