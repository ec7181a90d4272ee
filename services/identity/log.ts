import { pino, type Logger } from "pino";

export type Log = Logger;

/** A log of JSON lines on standard output, one per event; the level is a word, as log collectors expect it. */
export function createLog(command: string): Log {
  return pino({
    base: { command },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}
