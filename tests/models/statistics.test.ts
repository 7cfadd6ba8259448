import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrapMean } from "../../packages/cli/src/models/statistics/bootstrap.ts";
import {
  calibrationBand,
  calibrationError,
  reliability,
} from "../../packages/cli/src/models/statistics/calibration.ts";
import { fitLogistic } from "../../packages/cli/src/models/statistics/logistic.ts";
import { seededRandom } from "../../packages/cli/src/models/statistics/random.ts";
import { brier, logLoss } from "../../packages/cli/src/models/statistics/scores.ts";
import { solve } from "../../packages/cli/src/models/statistics/solve.ts";

const said = (p: number, won: boolean, game = "g") => ({ p, won, game });

describe("scores", () => {
  it("are what they are by hand", () => {
    const samples = [said(0.8, true), said(0.6, false), said(0.5, true)];
    expect(brier(samples)).toBeCloseTo((0.04 + 0.36 + 0.25) / 3, 12);
    expect(logLoss(samples)).toBeCloseTo(-(Math.log(0.8) + Math.log(0.4) + Math.log(0.5)) / 3, 12);
  });

  it("are finite for who was certain and wrong", () => {
    expect(logLoss([said(1, false)])).toBeCloseTo(-Math.log(1e-12), 6);
  });
});

describe("calibration", () => {
  it("counts the distance of each tenth by its size", () => {
    // Twenty samples, two a bin: 0.05, 0.05, 0.15, 0.15, ... of which only those above a half win.
    const samples = Array.from({ length: 20 }, (_, i) => said((Math.floor(i / 2) + 0.5) / 10, i >= 10));
    const bins = reliability(samples);
    expect(bins.map(({ n }) => n)).toEqual(Array.from({ length: 10 }, () => 2));
    expect(bins[0]).toMatchObject({ predicted: 0.05, observed: 0 });
    expect(bins[9]).toMatchObject({ predicted: 0.95, observed: 1 });
    // Off by .05, .15, .25, .35, .45 on either side.
    expect(calibrationError(bins)).toBeCloseTo(0.25, 12);
  });

  it("makes bins of nearly equal counts whatever the number, and loses none", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 80 }),
        (ps) => {
          const bins = reliability(ps.map((p) => said(p, p > 0.5)));
          expect(bins.reduce((sum, { n }) => sum + n, 0)).toBe(ps.length);
          expect(
            Math.max(...bins.map(({ n }) => n)) - Math.min(...bins.map(({ n }) => n)),
          ).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it("knows what chance alone does", () => {
    // One sample a bin at one half: each bin is off by a half, however the draw falls.
    const coins = Array.from({ length: 10 }, (_, i) => said(0.5, true, `g${i}`));
    expect(calibrationBand(coins)).toBeCloseTo(0.5, 12);
    // A thousand a bin: the mean distance is sqrt(2/pi) sd, sd = sqrt(.25/1000), and the band a little more.
    const many = Array.from({ length: 10_000 }, (_, i) => said(0.5, true, `g${i}`));
    const mean = Math.sqrt(2 / Math.PI) * Math.sqrt(0.25 / 1000);
    expect(calibrationBand(many)).toBeGreaterThan(mean);
    expect(calibrationBand(many)).toBeLessThan(1.7 * mean);
  });

  it("takes samples of one game for one piece of evidence", () => {
    const alone = Array.from({ length: 400 }, (_, i) => said(0.5, true, `g${i}`));
    const together = Array.from({ length: 400 }, (_, i) => said(0.5, true, `g${i % 10}`));
    expect(calibrationBand(together)).toBeGreaterThan(1.5 * calibrationBand(alone));
  });

  it("holds a calibrated forecaster inside the band about nineteen times out of twenty", () => {
    const random = seededRandom(7);
    let inside = 0;
    for (let run = 0; run < 60; run++) {
      const samples = Array.from({ length: 200 }, (_, i) => {
        const p = random();
        return said(p, random() < p, `g${i}`);
      });
      if (calibrationError(reliability(samples)) <= calibrationBand(samples)) inside += 1;
    }
    expect(inside).toBeGreaterThanOrEqual(52);
    expect(inside).toBeLessThan(60);
  });
});

describe("the bootstrap by match", () => {
  it("has no width where all matches say the same", () => {
    const samples = Array.from({ length: 30 }, (_, i) => ({ cluster: `m${i % 5}`, value: 0.25 }));
    expect(bootstrapMean(samples)).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
  });

  it("comes to the interval of the normal law, and is wider when samples hang together", () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 400 }, () => random() - 0.5);
    const alone = bootstrapMean(values.map((value, i) => ({ cluster: `m${i}`, value })));
    const half = 1.96 * Math.sqrt(1 / 12 / 400);
    expect((alone.high - alone.low) / 2 / half).toBeCloseTo(1, 0.7);
    const matches = values
      .slice(0, 40)
      .flatMap((value, m) => Array.from({ length: 10 }, () => ({ cluster: `m${m}`, value })));
    const together = bootstrapMean(matches);
    expect(together.high - together.low).toBeGreaterThan(2 * (alone.high - alone.low));
  });
});

describe("logistic regression", () => {
  it("of a constant is the log-odds of the share", () => {
    const won = [true, true, true, false];
    expect(fitLogistic({ x: won.map(() => [1]), won })[0]).toBeCloseTo(Math.log(3), 8);
  });

  it("of one flag is the log-odds ratio of the table", () => {
    // 3 of 4 with it, 2 of 6 without it.
    const rows = [
      ...[true, true, true, false].map((won) => ({ x: [1, 1], won })),
      ...[true, true, false, false, false, false].map((won) => ({ x: [1, 0], won })),
    ];
    const [constant, flag] = fitLogistic({ x: rows.map(({ x }) => x), won: rows.map(({ won }) => won) });
    expect(constant).toBeCloseTo(Math.log(2 / 4), 8);
    expect(flag).toBeCloseTo(Math.log(3) - Math.log(2 / 4), 8);
  });

  it("takes weights, a known part and a penalty into account", () => {
    const won = [true, false];
    const weighted = fitLogistic({ x: [[1], [1]], won, weight: [3, 1] });
    expect(weighted[0]).toBeCloseTo(Math.log(3), 8);
    const known = fitLogistic({ x: [[1], [1]], won, weight: [3, 1], offset: [1, 1] });
    expect(known[0]).toBeCloseTo(Math.log(3) - 1, 8);
    // Half the ridge times b² beside 4 samples: at b the gradient is 4 sigma(b) - 3 + ridge b = 0.
    const [b] = fitLogistic({ x: [[1], [1]], won, weight: [3, 1], ridge: [2] });
    expect(4 / (1 + Math.exp(-b!)) - 3 + 2 * b!).toBeCloseTo(0, 8);
    const [c] = fitLogistic({ x: [[1], [1]], won, weight: [3, 1], penalty: [[2]] });
    expect(c).toBeCloseTo(b!, 10);
  });

  it("comes to an end on data that a line parts, and on none that varies", () => {
    const parted = fitLogistic({ x: [[-1], [1]], won: [false, true], ridge: [0.01] });
    expect(parted[0]).toBeGreaterThan(3);
    expect(Number.isFinite(parted[0])).toBe(true);
    expect(fitLogistic({ x: [[0], [0]], won: [true, false] })).toEqual([0]);
  });
});

it("solves a symmetric system, and leaves alone what is not determined", () => {
  const [x, y] = solve(
    [
      [4, 2],
      [2, 3],
    ],
    [8, 7],
  );
  expect(x).toBeCloseTo(1.25, 12);
  expect(y).toBeCloseTo(1.5, 12);
  expect(
    solve(
      [
        [4, 0],
        [0, 0],
      ],
      [8, 0],
    ),
  ).toEqual([2, 0]);
});
