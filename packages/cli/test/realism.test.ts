import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPaperBroker } from "@matchpoint/paper-broker";
import { BOT_CONFIG, configJsonSchema, type RealismPart } from "@matchpoint/sdk";
import { paperOptions, withLatencyTable } from "../src/paper.ts";
import { realismLine } from "../src/report/realism.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a schema and configurations made from it, looked at field by field
type Json = Readonly<Record<string, any>>;

function realismOf(given: Json): readonly RealismPart[] {
  const config = withLatencyTable(BOT_CONFIG.parse(given));
  return createPaperBroker(paperOptions(config, "said")).realism;
}

function said(paper: Json): string {
  return realismLine(realismOf({ paper }));
}

const ALL_ON = "Realism: all 14 parts on";

describe("what a configuration says of its realism", () => {
  it("is nothing but that all is on where nothing was made weaker", () => {
    expect(said({})).toBe(ALL_ON);
    // What was measured counts, however it is written.
    expect(said({ latency: { ack_ms: 40 } })).toBe(ALL_ON);
    const measured = { place_ms: 31, cancel_ms: 30, ack_ms: 40, fill_report_ms: 41, feed_ms: 38 };
    expect(said({ latency: measured })).toBe(ALL_ON);
    expect(said({ realism: "off", latency: measured })).not.toMatch(/latency/);
    const harder = { trade_fail: 0.3, trade_fail_adverse: 1, trade_retry: 0.5, chain_revert: 1 };
    expect(said({ faults: harder, fill_model: "worst_queue" })).toBe(ALL_ON);
    expect(said({ fill_model: "through", queue_exponent: 10 })).toBe(ALL_ON);
    expect(said({ restarts: { every_ms: 400_000, down_ms: 10_000, post_only_ms: 10_000 } })).toBe(ALL_ON);
  });

  it.each<[string, Json, RegExp]>([
    [
      "a cancel takes no time",
      { latency: { cancel_ms: 0 } },
      /1 of 14 parts WEAKENED: latency \(cancel 0 ms/,
    ],
    [
      "what fails has nothing to do with the price",
      { faults: { trade_fail_adverse: 0 } },
      /1 of 14 parts WEAKENED: ghost fills \(dependence on the price 0 %/,
    ],
    [
      "nothing takes time, in quantiles",
      {
        latency: Object.fromEntries(
          ["place", "cancel", "ack", "fill_report"].map((leg) => [
            `${leg}_ms`,
            [
              [0, 0],
              [1, 0],
            ],
          ]),
        ),
      },
      /1 of 14 parts OFF: latency;/,
    ],
    [
      "a trade is mined at once",
      {
        latency: {
          mined_ms: [
            [0, 1],
            [1, 2],
          ],
        },
      },
      /1 of 14 parts WEAKENED: settlement delay \(mined after 1\.05 ms in the fastest 5 %, floor 500 ms/,
    ],
    [
      "a leg is short in half of the cases",
      {
        latency: {
          place_ms: [
            [0, 0],
            [0.49, 0],
            [0.5, 58],
          ],
        },
      },
      /WEAKENED: latency \(place 0 ms in the fastest 5 %/,
    ],
    [
      "hardly anything fails",
      {
        faults: { trade_fail: 1e-6, trade_retry: 1e-6, chain_revert: 1e-6, duplicate_report: 1e-6 },
      },
      /4 of 14 parts WEAKENED: ghost fills \(0\.0001 % of trades, floor 0\.5 %, assumed 2 %\), retried trades .*, chain reverts .*, repeated reports/,
    ],
    ["constants of the table", { latency: { table: "constant-1", place_ms: 50 } }, /WEAKENED: latency/],
    [
      "a restart is short",
      { restarts: { down_ms: 1_000 } },
      /WEAKENED: restarts \(down a week 1 s, floor 22\.5 s, assumed 90 s/,
    ],
    ["books of any age nearly", { stale_book_ms: 86_400_000 }, /WEAKENED: stale books/],
    ["the queue goes at one cancel", { queue_exponent: 10 }, /WEAKENED: queue/],
  ])("tells apart what is weaker than its floor: %s", (_why, paper, line) => {
    expect(said(paper)).toMatch(line);
  });

  it("gives a reason for each part that is not on, and says off and weakened in one line", () => {
    for (const { state, why } of realismOf({ paper: { realism: "off" } }))
      expect(why === undefined).toBe(state === "on");
    expect(said({ scenarios: "off", latency: { cancel_ms: 0 } })).toMatch(
      /^Realism: 1 of 14 parts OFF: scenarios; 1 WEAKENED: latency \(.*\); what they cost is not in the P&L$/,
    );
  });
});

/** Values of the schema's, the weakest among them: what can be chosen, and of numbers both ends and a few between. */
function extremes(schema: Json): readonly unknown[] {
  if (schema["enum"] !== undefined) return schema["enum"];
  if (schema["anyOf"] !== undefined) return (schema["anyOf"] as Json[]).flatMap(extremes);
  if (schema["type"] === "number") return [schema["minimum"], 1, 1_000, schema["maximum"]];
  if (schema["type"] === "array") {
    const [, values] = schema["items"].prefixItems as Json[];
    return extremes(values!).map((value) => [
      [0, value],
      [1, value],
    ]);
  }
  throw new Error(`a kind of setting that this test does not know: ${JSON.stringify(schema)}`);
}

interface Leaf {
  readonly path: readonly string[];
  readonly schema: Json;
}

function leaves(schema: Json, path: readonly string[]): readonly Leaf[] {
  if (schema["type"] !== "object") return [{ path, schema }];
  return Object.entries(schema["properties"] as Json).flatMap(([key, each]) => leaves(each, [...path, key]));
}

/** A configuration with one value in it; nothing can be confirmed sooner than it is mined. */
function only(path: readonly string[], value: unknown): Json {
  if (path.at(-1) === "confirmed_ms") return { paper: { latency: { mined_ms: 600, confirmed_ms: value } } };
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Json;
}

describe("every setting of the paper venue", () => {
  const { engine, paper } = (configJsonSchema() as Json)["properties"];
  const all = [
    ...leaves(paper, ["paper"]),
    { path: ["engine", "sell_gate"], schema: engine.properties.sell_gate },
  ];
  /** What says nothing about the venue, and what can only make it harder. */
  const SILENT = ["paper.collateral_usdc", "paper.latency.jitter_ms"];
  const name = ({ path }: Leaf): string => path.join(".");
  const speaking = all.filter((leaf) => !SILENT.includes(name(leaf)));

  it.each(speaking.map((leaf) => [name(leaf), leaf] as const))("%s can be heard of", (_name, leaf) => {
    const lines = extremes(leaf.schema).flatMap((value) => {
      try {
        return [realismLine(realismOf(only(leaf.path, value)))];
      } catch {
        return []; // out of the setting's range, or confirmed before it is mined
      }
    });
    expect(lines.some((line) => line !== ALL_ON)).toBe(true);
  });

  it("is counted by this test", () => {
    expect(all.map(name)).toEqual(expect.arrayContaining(SILENT));
    expect(speaking.length).toBeGreaterThanOrEqual(22);
    fc.assert(
      fc.property(fc.nat(10_000), (jitter_ms) => {
        expect(said({ latency: { jitter_ms } })).toBe(ALL_ON);
      }),
      { numRuns: 20 },
    );
  });

  it("once it is too weak stays so when it is weaker still", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const weaker: Readonly<Record<string, (x: number) => Json>> = {
      cancel: (x) => ({ latency: { cancel_ms: x * 200 } }),
      feed: (x) => ({ latency: { feed_ms: x * 200 } }),
      mined: (x) => ({ latency: { mined_ms: x * 2_000 } }),
      chain: (x) => ({ latency: { chain_ms: x * 2_000 } }),
      fails: (x) => ({ faults: { trade_fail: x } }),
      adverse: (x) => ({ faults: { trade_fail_adverse: x } }),
      retried: (x) => ({ faults: { trade_retry: x } }),
      down: (x) => ({ restarts: { down_ms: x * 90_000 } }),
      stale: (x) => ({ stale_book_ms: 300_000 / Math.max(x, 1e-3) }),
    };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(weaker)), share, share, (key, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        if (said(weaker[key]!(high)) !== ALL_ON) expect(said(weaker[key]!(low))).not.toBe(ALL_ON);
      }),
    );
  });
});
