/** An earlier run that built everything. */
export interface RecordedRun {
  /** Seconds from the first build's start to the last build's end. */
  readonly seconds: number;
  /** Seconds of each build, by its name. Builds run beside each other, so their sum is more than `seconds`. */
  readonly builds: Readonly<Record<string, number>>;
}

/** How far the builds are. */
export interface BuildProgress {
  /** Builds whose result is there. */
  readonly ready: number;
  /** All builds of the recorded run. */
  readonly total: number;
  /** Minutes until the rest is there, at the speed of this machine. */
  readonly minutesLeft: number;
}

/** Share of all work below which this run says too little about the machine's speed. */
const tooEarly = 0.1;

function sum(seconds: Iterable<number>): number {
  return [...seconds].reduce((total, one) => total + one, 0);
}

/** Estimates when every build is ready, from the times of an earlier run. */
export class BuildForecast {
  readonly #recorded: RecordedRun;
  readonly #now: () => number;
  readonly #start: number;
  readonly #waiting: Map<string, number>;
  #built = 0;

  /** @param now the present time in milliseconds */
  constructor(recorded: RecordedRun, now: () => number) {
    this.#recorded = recorded;
    this.#now = now;
    this.#start = now();
    this.#waiting = new Map(Object.entries(recorded.builds));
  }

  /**
   * Notes that a build is ready.
   *
   * @param seconds how long it took; 0 when the store already had it
   * @returns undefined for a build that the recorded run does not have, or that was noted before
   */
  ready(name: string, seconds: number): BuildProgress | undefined {
    const recorded = this.#waiting.get(name);
    if (recorded === undefined) {
      return undefined;
    }
    this.#waiting.delete(name);
    this.#built += seconds > 0 ? recorded : 0;
    const total = Object.keys(this.#recorded.builds).length;
    const secondsLeft = this.#pace() * sum(this.#waiting.values());
    return { ready: total - this.#waiting.size, total, minutesLeft: Math.ceil(secondsLeft / 60) };
  }

  /** Seconds that pass for one recorded second of a build. */
  #pace(): number {
    const all = sum(Object.values(this.#recorded.builds));
    return this.#built < tooEarly * all
      ? this.#recorded.seconds / all
      : (this.#now() - this.#start) / 1000 / this.#built;
  }
}
