import assert from "node:assert/strict";
import { BuildForecast } from "../../../../sandbox/builds/forecast.ts";

/** A clock that the test moves, in milliseconds. */
function clock(): { now: () => number; pass: (seconds: number) => void } {
  let time = 5_000;
  return {
    now: () => time,
    pass: (seconds) => {
      time += seconds * 1000;
    },
  };
}

/** 1000 seconds of builds, which ran in 600 seconds because two ran at a time. */
const recorded = { seconds: 600, builds: { small: 50, engine: 350, cluster: 600 } };

describe("the forecast of the builds", () => {
  it("uses the speed of the recorded run while little is built", () => {
    const { now, pass } = clock();
    const forecast = new BuildForecast(recorded, now);
    pass(300);
    assert.deepEqual(forecast.ready("small", 300), { ready: 1, total: 3, minutesLeft: 10 });
  });

  it("uses the speed of this machine when a tenth is built", () => {
    const { now, pass } = clock();
    const forecast = new BuildForecast(recorded, now);
    pass(350);
    assert.deepEqual(forecast.ready("engine", 350), { ready: 1, total: 3, minutesLeft: 11 });
  });

  it("learns nothing about the speed from what the store already has", () => {
    const forecast = new BuildForecast(recorded, clock().now);
    assert.deepEqual(forecast.ready("engine", 0), { ready: 1, total: 3, minutesLeft: 7 });
  });

  it("ends at zero", () => {
    const { now, pass } = clock();
    const forecast = new BuildForecast(recorded, now);
    for (const name of ["small", "engine"]) {
      forecast.ready(name, 100);
    }
    pass(600);
    assert.deepEqual(forecast.ready("cluster", 100), { ready: 3, total: 3, minutesLeft: 0 });
  });

  it("leaves out a build that is not recorded, and one that is noted twice", () => {
    const forecast = new BuildForecast(recorded, clock().now);
    assert.equal(forecast.ready("unknown", 10), undefined);
    forecast.ready("small", 10);
    assert.equal(forecast.ready("small", 0), undefined);
  });
});
