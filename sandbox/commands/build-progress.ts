import report from "../../bench/foundation.json" with { type: "json" };
import { BuildForecast, type RecordedRun } from "../builds/forecast.ts";
import { step } from "../builds/progress.ts";
import { buildEvents } from "../builds/store.ts";

const everything = "build what is missing";

/** The builds of the benchmark's first `make up` on a bare machine. */
export function recordedRun(): RecordedRun {
  const builds = report.cold.phases.flatMap(({ phase, seconds }) =>
    phase.startsWith("build ") && phase !== everything ? [[phase.replace("build ", ""), seconds] as const] : [],
  );
  const whole = report.cold.phases.find(({ phase }) => phase === everything);
  return { seconds: whole?.seconds ?? report.cold.seconds, builds: Object.fromEntries(builds) };
}

/** Runs builds; after each one it reports how many are ready and about how long the rest takes. */
export async function withBuildForecast<T>(builds: () => Promise<T>): Promise<T> {
  const forecast = new BuildForecast(recordedRun(), () => performance.now());
  const show = (name: string, seconds: number): void => {
    const progress = forecast.ready(name, seconds);
    if (progress !== undefined && seconds >= 1) {
      const { ready, total, minutesLeft } = progress;
      process.stderr.write(`    ${ready} of ${total} builds are ready, about ${minutesLeft} min left\n`);
    }
  };
  buildEvents.on("ready", show);
  try {
    return await step(everything, builds);
  } finally {
    buildEvents.off("ready", show);
  }
}
