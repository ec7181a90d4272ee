/** How long a key waits after failures, in milliseconds: after the first one, and at most. The pause doubles each time. */
export interface BackOff {
  readonly firstMilliseconds: number;
  readonly longestMilliseconds: number;
}

/** Keys of work that is done one at a time. A key is in the queue once at most; a key whose work fails is retried. */
export class WorkQueue {
  readonly #backOff: BackOff;
  /** Time at which each key is due, in milliseconds since the epoch; the first key that is due comes first. */
  readonly #dueAt = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  #wake = (): void => undefined;

  constructor(backOff: BackOff) {
    this.#backOff = backOff;
  }

  /** Makes a key due at once, also one that waits for its retry. */
  add(key: string): void {
    this.#schedule(key, Date.now());
  }

  /**
   * Works on each key that is due until the signal aborts.
   *
   * @param work - resolves to whether it succeeded; it must not reject
   */
  async run(work: (key: string) => Promise<boolean>, signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#wake());
    while (!signal.aborted) {
      const key = this.#nextDue();
      if (key === undefined) {
        await this.#untilNext();
        continue;
      }
      this.#dueAt.delete(key);
      if (await work(key)) {
        this.#failures.delete(key);
      } else {
        this.#retryLater(key);
      }
    }
  }

  #schedule(key: string, time: number): void {
    const scheduled = this.#dueAt.get(key);
    if (scheduled === undefined || scheduled > time) {
      this.#dueAt.delete(key);
      this.#dueAt.set(key, time);
      this.#wake();
    }
  }

  #retryLater(key: string): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const { firstMilliseconds, longestMilliseconds } = this.#backOff;
    this.#schedule(key, Date.now() + Math.min(firstMilliseconds * 2 ** failures, longestMilliseconds));
  }

  #nextDue(): string | undefined {
    const now = Date.now();
    return [...this.#dueAt].find(([, time]) => time <= now)?.[0];
  }

  async #untilNext(): Promise<void> {
    const next = Math.min(...this.#dueAt.values());
    await new Promise<void>((resolve) => {
      const timer = next === Infinity ? undefined : setTimeout(resolve, next - Date.now());
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
