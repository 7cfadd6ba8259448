// Every way of being hostile, each in a thread of its own: MATCHPOINT_HOSTILE=all npx vitest run tests/control/isolation
import { join } from "node:path";
import {
  coreOfRun,
  EffectsHasher,
  id,
  isolated,
  IsolatedHost,
  journaledRun,
  ModelMaker,
  SystemClock,
  type CoreEvent,
  type IsolatedCall,
  type MarketId,
  type StrategyAction,
  type StrategyClass,
  type StrategyId,
  type StrategyReply,
  type TokenId,
} from "@matchpoint/sdk";
import { afterAll, describe, expect, it } from "vitest";
import { WorkerHost } from "../../packages/cli/src/isolation/workerHost.ts";
import { leadModel, startRun, type TestRun } from "../runtime/start.ts";
import { testMarket } from "../runtime/tape.ts";
import Hostile from "./hostile.ts";

const PARAMS = { reference: "microprice" };

/** A strategy's answers, given at once: as of a thread that takes no time. */
function answered(
  use: StrategyClass,
  params: unknown,
): { readonly use: StrategyClass; answer(run: TestRun): void } {
  const calls: IsolatedCall[] = [];
  const host = new IsolatedHost(use, params);
  return {
    use: isolated(use, (call) => calls.push(call)),
    answer(run) {
      for (let call = calls.shift(); call !== undefined; call = calls.shift()) {
        const { marketId, hook, extra } = call;
        const sent = JSON.parse(JSON.stringify({ marketId, hook, extra, view: call.view() }));
        const actions = JSON.parse(JSON.stringify(host.run(sent))) as readonly StrategyAction[];
        if (actions.length > 0)
          run.tape.offer({ type: "strategy_reply", strategyId: id(use.id), marketId, actions });
      }
    },
  };
}

const OTHER = {
  marketId: id<MarketId>("m2"),
  outcomes: [
    { tokenId: id<TokenId>("2001"), name: "C" },
    { tokenId: id<TokenId>("2002"), name: "D" },
  ],
} as const;

function quotes(run: TestRun, answer: (run: TestRun) => void = () => undefined, marketId = "m1"): void {
  if (marketId === "m1") run.tape.market(testMarket());
  answer(run);
  for (let n = 0; n < 20; n += 1) {
    run.tape.book([[48 - (n % 3), 100]], [[52 + (n % 2), 100]], marketId);
    answer(run);
    run.tape.wait(1_500);
    answer(run);
  }
}

describe("a strategy away from the core", () => {
  it("places the orders that it places inside, and its journal is verified with nobody there to ask", () => {
    const inside = startRun([{ use: ModelMaker, params: PARAMS }]);
    quotes(inside);
    const { use, answer } = answered(ModelMaker, PARAMS);
    const away = startRun([{ use, params: PARAMS }]);
    quotes(away, answer);
    const placed = (run: TestRun): readonly unknown[] =>
      run.effects.flatMap((effect) =>
        effect.type === "place"
          ? [[effect.intent.outcome, effect.intent.side, effect.intent.limit, effect.intent.size]]
          : [],
      );
    expect(placed(away).length).toBeGreaterThan(3);
    expect(placed(away)).toEqual(placed(inside));
    expect(away.effects.some((effect) => effect.type === "cancel")).toBe(true);

    const events = away.log.map(({ event }) => JSON.parse(JSON.stringify(event)) as CoreEvent);
    const core = coreOfRun(
      journaledRun(events[0]!, (name) => (name === ModelMaker.id ? ModelMaker : undefined)),
      leadModel,
    );
    const hasher = new EffectsHasher();
    away.log.forEach(({ effectsHash }, n) => {
      const effects = core.step(events[n]!);
      expect(effects.length === 0 ? undefined : hasher.add(effects), events[n]!.type).toBe(effectsHash);
    });
  });

  it("asks through the same gate: what is no order is denied, what is too much is a fault", () => {
    const run = startRun([{ use: isolated(Hostile), params: { how: "" } }]);
    run.tape.market(testMarket()).book([[49, 100]], [[51, 100]]);
    const reply = (actions: readonly unknown[]): void => {
      run.tape.offer({
        type: "strategy_reply",
        strategyId: id<StrategyId>("hostile"),
        marketId: id("m1"),
        actions: actions as never,
      });
    };
    const buy = (request: unknown): unknown => ({ kind: "buy", ref: "~1", request });
    reply([
      buy({ outcome: 0, limit: null, size: null }),
      buy({ outcome: 7, limit: 5_000, size: 10_000_000 }),
    ]);
    reply([
      buy({ outcome: 0, limit: 5_000, size: 9e15 }),
      buy({ __proto__x: 1, outcome: 0, limit: 5_000, size: 1 }),
    ]);
    expect(run.effects.filter(({ type }) => type === "denied")).toHaveLength(4);
    expect(run.effects.filter(({ type }) => type === "place")).toEqual([]);
    reply(
      Array.from({ length: 1_000 }, () =>
        buy({ outcome: 0, limit: 4_000, size: 5_000_000, orderType: "GTC" }),
      ),
    );
    expect(run.effects.filter(({ type }) => type === "place")).toEqual([]);
    expect(run.effects.some((effect) => effect.type === "alarm" && effect.code === "STRATEGY_FAULT")).toBe(
      true,
    );
    run.tape.offer({ type: "strategy_reply", strategyId: id("other"), marketId: id("m1"), actions: [] });
  });
});

describe("a hostile strategy inside", () => {
  it.each(["throws", "million"])("%s: none of what it asked for leaves, and the bot goes on", (how) => {
    const run = startRun([
      { use: Hostile, params: { how }, markets: { ids: ["m1"] } },
      { use: ModelMaker, params: PARAMS, markets: { ids: ["m2"] } },
    ]);
    run.tape.market(testMarket()).market(testMarket({ ...OTHER }));
    for (let n = 0; n < 3; n += 1) run.tape.book([[49 - n, 100]], [[51, 100]]).wait(1_000);
    const placedBy = (strategyId: string): number =>
      run.effects.filter((effect) => effect.type === "place" && effect.intent.strategyId === strategyId)
        .length;
    expect(placedBy("hostile")).toBe(0);
    expect(run.effects.some((effect) => effect.type === "alarm" && effect.code === "STRATEGY_FAULT")).toBe(
      true,
    );
    quotes(run, () => undefined, "m2");
    expect(placedBy(ModelMaker.id)).toBeGreaterThan(0);
  });
});

const hosts: WorkerHost[] = [];
afterAll(() => {
  for (const host of hosts) host.close();
});

interface Provoked {
  readonly reply: StrategyReply;
  readonly run: TestRun;
  /** Changes the book again; gives what comes of that. */
  next(deadlineMs?: number): Promise<StrategyReply>;
}

/** Time that no machine is too slow for: who is halted then is not halted for being late. */
const AMPLE_MS = 30_000;
const SHORT_MS = 200;

/** Runs the hostile strategy in a real thread on one change of a book; gives the first thing that came of it. */
async function provoke(how: string, deadlineMs = AMPLE_MS): Promise<Provoked> {
  let heard: (reply: StrategyReply) => void = () => undefined;
  const options = {
    strategyId: id<StrategyId>("hostile"),
    data: { use: join(import.meta.dirname, "hostile.ts"), folder: "/", params: { how } },
    deadlineMs,
    heapMb: 32,
    clock: new SystemClock(),
    offer: (event: CoreEvent) => {
      heard(event as StrategyReply);
    },
  };
  const host = new WorkerHost(options);
  hosts.push(host);
  const use = isolated(Hostile, (call) => {
    host.take(call);
  });
  const run = startRun([{ use, params: { how } }]);
  host.start();
  run.tape.market(testMarket());
  let bid = 49;
  const next = async (within = deadlineMs): Promise<StrategyReply> => {
    options.deadlineMs = within;
    const reply = new Promise<StrategyReply>((resolve) => (heard = resolve));
    run.tape.book([[bid--, 100]], [[51, 100]]);
    const said = await reply;
    run.runtime.offer({ ...said, at: run.runtime.at });
    return said;
  };
  return { reply: await next(), run, next };
}

const FATAL: Readonly<Record<string, RegExp>> = {
  loop: /^onBook did not end within 200 ms$/,
  exit: /^its worker ended by itself with code 0$/,
  memory: /^its worker failed: .*memory/,
  buffers: /^onBook failed: .*its buffers take \d{3} MiB, more than heap_mb \(32\) and 128/,
  throws: /^onBook failed: RangeError: on purpose$/,
  million: /^its worker failed: .*memory/,
  thousand: /^onBook asked for more than 1000 things$/,
};

describe("a hostile strategy in a thread of its own", () => {
  // The endless loop is the last thing that `tampers` does.
  const always = ["exit", "throws", "buffers"];
  const tried = process.env["MATCHPOINT_HOSTILE"] === "all" ? Object.keys(FATAL) : always;

  it.concurrent.each(tried)("%s: is halted with the reason, and the bot goes on", async (how) => {
    const { reply, run } = await provoke(how, how === "loop" ? SHORT_MS : AMPLE_MS);
    expect(reply.failed).toMatch(FATAL[how]!);
    expect(run.effects.filter(({ type }) => type === "place")).toEqual([]);
    expect(run.effects.filter((effect) => effect.type === "alarm")).toMatchObject([
      { code: "STRATEGY_HALTED" },
    ]);
    const before = run.effects.length;
    run.tape.book([[47, 100]], [[52, 100]]);
    expect(run.runtime.core.market(id("m1"))!.book.bid(0)).toBe(4_700);
    expect(run.effects.slice(before).filter(({ type }) => type === "place")).toEqual([]);
  });

  it.concurrent.each(["strays", "rejects"])(
    "%s: leaves an error behind that nobody catches, and is halted alone for it",
    async (how) => {
      const { reply, run, next } = await provoke(how);
      const failed = reply.failed ?? (await next()).failed;
      expect(failed).toMatch(/left behind/);
      expect(run.effects.filter((effect) => effect.type === "alarm")).toMatchObject([
        { code: "STRATEGY_HALTED" },
      ]);
      expect(run.runtime.core.system.status).toBe("READY");
    },
  );

  it.concurrent(
    "tampers with what it finds, and only its own orders come of it; hangs, and is halted",
    async () => {
      const { reply, run, next } = await provoke("tampers");
      expect(reply.failed).toBeUndefined();
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
      const placed = (): readonly string[] =>
        run.effects.flatMap((effect) => (effect.type === "place" ? [effect.intent.reason] : []));
      expect(placed()).toEqual(["fs and kill refused, no secret"]);
      expect(run.effects.filter(({ type }) => type === "denied")).toHaveLength(1);
      expect((await next(SHORT_MS)).failed).toMatch(FATAL["loop"]!);
      expect(run.effects.some((effect) => effect.type === "alarm" && effect.code === "STRATEGY_HALTED")).toBe(
        true,
      );
      expect(run.effects.some(({ type }) => type === "cancel")).toBe(true);
      expect(placed()).toHaveLength(1);
    },
  );
});
