/** Suffixes of quantities (Kubernetes, `resource.Quantity`) and their factors. */
const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Units of durations (Go, `time.ParseDuration`) in nanoseconds. */
const units: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12 };

function quantity(text: string): number | undefined {
  const [, number, suffix = ""] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]{0,2})$/.exec(text) ?? [];
  const factor = factors[suffix];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

function duration(text: string): number | undefined {
  if (!/^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.test(text)) {
    return undefined;
  }
  const parts = text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g);
  const total = [...parts].reduce((sum, [, number, unit = ""]) => sum + Number(number) * (units[unit] ?? 0), 0);
  return text.startsWith("-") ? -total : total;
}

const isClose = (one: number | undefined, other: number | undefined): boolean =>
  one !== undefined && other !== undefined && Math.abs(one - other) <= Math.abs(one) * 1e-12;

/**
 * Whether two scalars have the same meaning: equal, or the same quantity (`500m`, `0.5`), or the same duration (`2160h`,
 * `2160h0m0s`). The API server and controllers write the canonical form.
 *
 * Two different texts of plain digits, such as the versions `1.10` and `1.1`, are no quantities: one of the two must have
 * a suffix, or be a number.
 */
export function sameScalar(declared: unknown, live: unknown): boolean {
  if (declared === live) {
    return true;
  }
  const isScalar = [declared, live].every((value) => typeof value === "string" || typeof value === "number");
  if (!isScalar) {
    return false;
  }
  const [one, other] = [String(declared), String(live)];
  const isPlain = [declared, live].every((value) => typeof value === "string" && !/[a-zA-Zµ]/.test(value));
  return !isPlain && (isClose(quantity(one), quantity(other)) || isClose(duration(one), duration(other)));
}
