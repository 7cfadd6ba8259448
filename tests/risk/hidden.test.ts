// What a strategy finds when it takes no type for an answer: its own market's windows, and nothing of the core behind them.
import { HOOKS, Strategy, type StrategyContext } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { z } from "zod";
import { MATCH, testMarket } from "../runtime/tape.ts";
import { cents, request, RiskRun, shares } from "./scripted.ts";

/** Every object that can be reached from a value: by its own fields, its prototypes' getters, and methods that only show. */
function reachable(root: object): ReadonlySet<object> {
  const found = new Set<object>();
  const show = ["orders", "siblings", "position", "quote", "pOf"];
  const walk = (value: unknown, of: object | undefined): void => {
    if (typeof value === "function" || typeof value !== "object" || value === null || found.has(value))
      return;
    found.add(value);
    let from: object | null = value;
    while (from !== null && from !== Object.prototype && from !== Array.prototype) {
      for (const key of Reflect.ownKeys(from)) {
        if (key === "constructor") continue;
        let next: unknown;
        try {
          next = Reflect.get(from, key, value);
          if (typeof next === "function" && show.includes(String(key)))
            next = Reflect.apply(next as (outcome: 0) => unknown, value, [0]);
        } catch {
          continue; // A prototype is no instance.
        }
        walk(next, of ?? value);
      }
      from = Reflect.getPrototypeOf(from);
    }
  };
  walk(root, undefined);
  return found;
}

/** Writes rubbish wherever it can. */
function spoil(values: Iterable<object>): void {
  for (const value of values) {
    for (let at: object | null = value; at !== null && at !== Object.prototype;) {
      if (at === Array.prototype) break;
      if (Array.isArray(at)) Reflect.set(at, "length", 0);
      for (const key of Reflect.ownKeys(at).filter((each) => each !== "length")) {
        Reflect.set(at, key, 77_777);
        Reflect.deleteProperty(at, key);
        Reflect.defineProperty(at, key, { value: () => 77_777 });
      }
      at = Reflect.getPrototypeOf(at);
    }
  }
}

type See = (ctx: StrategyContext) => void;

/** Every hook hands on its context. */
class Curious extends Strategy<typeof Curious.params> {
  static readonly id = "curious";
  static readonly posture = "directional";
  static readonly truthDriven = false;
  static readonly params = z.custom<{ readonly hooks: Set<string>; see: See }>();
}
for (const hook of HOOKS)
  Object.defineProperty(Curious.prototype, hook, {
    value(this: Curious, ctx: StrategyContext) {
      this.params.hooks.add(hook);
      this.params.see(ctx);
    },
  });

/** A run in which every hook is called; `asks` is whether orders are asked for. */
function lived(see: See): { readonly run: RiskRun; readonly hooks: ReadonlySet<string> } {
  const params = { hooks: new Set<string>(), see: (ctx: StrategyContext) => see(ctx) };
  const run = new RiskRun({ use: { use: Curious, params }, engine: { max_asks_per_hook: 10_000 } });
  run.tape
    .match(MATCH)
    .market(testMarket({ subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } }))
    .claim("a", { kind: "series_started" });
  run.book();
  params.see = (ctx) => {
    see(ctx);
    if (ctx.orders().length === 0 && run.venue.intents.size === 0) {
      ctx.buy(request({ size: shares(10), limit: cents(40) }));
      ctx.after(5, "soon");
    }
  };
  run.book(46, 54).wait(10);
  const [orderId] = [...run.venue.intents.keys()];
  params.see = see;
  run.report(orderId!, "live");
  run.tape.trade("buy", 54, 1);
  run.wait(1);
  run.trade(orderId!, "t1", "MATCHED", { size: 5 }).trade(orderId!, "t1", "FAILED", { size: 5 });
  run.tape.claim("a", { kind: "series_won", winner: 0 });
  run.wait(1);
  run.book(45, 55).operate({ kind: "halt" }).operate({ kind: "resume" }).book(44, 56);
  run.report(orderId!, "canceled").tape.resolve([1, 0]);
  run.wait(1);
  run.runtime.stop("over");
  return { run, hooks: params.hooks };
}

const CLASSES = ["BookWindow", "Context", "LiveOrderView", "LiveQuote"];

it("is windows and plain data, whichever hook it looks from", () => {
  const classes = new Set<string>();
  const seen = new Set<object>();
  const { run, hooks } = lived((ctx) => {
    for (const each of reachable(ctx)) seen.add(each);
  });
  for (const hook of HOOKS)
    if (!["onStale", "onTruthRevised"].includes(hook)) expect([...hooks], hook).toContain(hook);
  for (const each of seen) {
    const { constructor } = Reflect.getPrototypeOf(each) ?? Object.prototype;
    if (constructor !== Object && constructor !== Array) classes.add(constructor.name);
  }
  expect([...classes].sort()).toEqual(CLASSES);
  const { core } = run;
  const [entry] = core.markets();
  for (const inner of [
    entry,
    entry!.book,
    entry!.trading,
    ...entry!.bindings,
    core.orders,
    core.ledger,
    core.system,
  ])
    expect(seen.has(inner as object)).toBe(false);
});

it("changes nothing of what is done and written down, whatever it writes into what it is shown", () => {
  const sound = lived(() => undefined).run;
  const spoiled = lived((ctx) => {
    spoil([...reachable(ctx)].filter((each) => each !== ctx.state));
  }).run;
  expect(spoiled.alarms()).toEqual(sound.alarms());
  expect(spoiled.log).toEqual(sound.log);
  expect(spoiled.hashes).toEqual(sound.hashes);
});
