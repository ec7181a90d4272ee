/** Seconds in each unit of a duration of Go or Vault. */
const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};
const part = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/gy;

/**
 * Converts a duration to seconds, such as `72h`, `1h30m`, `3600` or 3600.
 *
 * @returns undefined for any other value
 */
export function secondsOf(value: unknown): number | undefined {
  if (typeof value === "number") {
    return value;
  }
  if (typeof value !== "string") {
    return undefined;
  }
  if (/^\d+$/.test(value)) {
    return Number(value);
  }
  let seconds = 0;
  let end = 0;
  for (const match of value.matchAll(part)) {
    seconds += Number(match[1]) * (unitSeconds[match[2] ?? ""] ?? 0);
    end = match.index + match[0].length;
  }
  return value !== "" && end === value.length ? Math.round(seconds * 1e9) / 1e9 : undefined;
}
