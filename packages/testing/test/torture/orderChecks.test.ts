import { id, OrderStore, type CoreEvent, type Effect, type Intent } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import type { CancelEntry, NewEntry } from "../../src/torture/history.ts";
import { Account } from "../../src/torture/judge/account.ts";
import { judgeStopped, Kills } from "../../src/torture/judge/endChecks.ts";
import { judgeGate } from "../../src/torture/judge/gateChecks.ts";
import { Halts } from "../../src/torture/judge/haltChecks.ts";
import { Life } from "../../src/torture/judge/life.ts";
import { judgeOrders } from "../../src/torture/judge/orderChecks.ts";
import type { Seen } from "../../src/torture/judge/seen.ts";
import { TruthOfVenue } from "../../src/torture/judge/truthOfVenue.ts";
import { Verdicts } from "../../src/torture/judge/verdicts.ts";
import type { History } from "../../src/torture/record.ts";
import { START } from "./start.ts";

const SECOND = 1_000_000_000;

const INTENT = {
  intentId: "i-1",
  strategyId: "s",
  marketId: "m",
  outcome: 0,
  side: "buy",
  orderType: "GTC",
  postOnly: false,
  limit: 4_120,
  size: 10_000_000,
  purpose: "entry",
  reason: "",
} as unknown as Intent;

/** A program with one order, as judges see it: what the venue does, and what the program hears and asks for. */
class Stage {
  readonly truth = new TruthOfVenue(0);
  readonly store = new OrderStore();
  readonly life: Life;
  readonly #verdicts = new Verdicts();
  readonly #halts = new Halts();
  #seq = 0;

  /** @param recovers the start whose journal it goes on from */
  constructor(recovers?: number) {
    this.life = new Life({ ...START, ...(recovers === undefined ? {} : { recovers }) }, 0, new Account());
    this.truth.order("o").lineage = 0;
    this.truth.order("o").posts = 1;
    this.store.create(INTENT, 0 as never);
    this.hear({ type: "order_prepared", intentId: INTENT.intentId, orderId: "o" });
    this.say("sent");
  }

  venue(entry: Record<string, unknown>, at = this.#seq): void {
    this.truth.take(
      { seq: 0, at, orderId: "o", ...entry } as unknown as NewEntry & { seq: 0; at: 0 },
      () => 0,
    );
  }

  say(status: string, effects: readonly Effect[] = []): readonly string[] {
    return this.hear({ type: "order_report", orderId: "o", status }, effects);
  }

  /** The program hears it and asks for so much; what is found to be wrong with that. */
  hear(event: Record<string, unknown>, effects: readonly Effect[] = []): readonly string[] {
    const at = ++this.#seq;
    const whole = { ...event, at, receivedAt: at } as unknown as CoreEvent;
    if (whole.type === "order_prepared") this.store.prepared(whole);
    if (whole.type === "order_report") this.store.report(whole);
    for (const effect of effects)
      if (effect.type === "cancel") this.store.requestCancel(effect.intentId, at as never);
    this.life.take(whole);
    const resting = this.truth.order("o").status === "live" ? [{ orderId: id("o") }] : [];
    const seen = {
      history: { world: { resting: () => resting, config: { risk: { max_daily_loss_usdc: 1 } } } },
      verdicts: this.#verdicts,
      truth: this.truth,
      life: this.life,
      core: { orders: this.store },
      step: { kind: "step", seq: at, at: at * SECOND, life: 0, event: whole, effects },
      effect: "none",
    } as unknown as Seen;
    judgeStopped(seen);
    judgeGate(seen);
    judgeOrders(seen);
    this.#halts.step(seen);
    for (const effect of effects)
      if (effect.type === "cancel") this.#halts.cancel({ orderId: id("o") } as CancelEntry);
    this.#halts.look(seen.step, seen.history, this.#verdicts);
    return (this.#verdicts.take() ?? []).map(({ invariant, message }) => `${invariant} ${message}`);
  }
}

const CANCEL = {
  type: "cancel",
  intentId: id("i-1"),
  orderId: id("o"),
  marketId: id("m"),
  reason: "",
} as Effect;

describe("an order that was refused", () => {
  it("must not rest at the venue, as far as anybody could know", () => {
    const stage = new Stage();
    stage.venue({ kind: "arrival", copy: 1 });
    stage.venue({ kind: "venue_order", status: "live" });
    stage.venue({ kind: "post_reply", outcome: "rejected" });
    expect(stage.say("rejected")).toEqual([
      expect.stringMatching(/^I5 .* REJECTED here, and live at the venue/),
    ]);
  });

  it("may rest as a copy that the network has made of it, until that is heard of", () => {
    const copied = (): Stage => {
      const stage = new Stage();
      stage.venue({ kind: "arrival", copy: 2 });
      stage.venue({ kind: "venue_order", status: "live" });
      stage.venue({ kind: "post_reply", outcome: "rejected" });
      expect(stage.say("rejected")).toEqual([]);
      return stage;
    };
    expect(copied().say("live", [CANCEL])).toEqual([]);
    expect(copied().say("live")).toEqual([expect.stringMatching(/^I5 .* heard to rest .* not asked to go/)]);
  });
});

describe("an order that a new tick leaves off the grid", () => {
  const market = { marketId: "m", tick: 10 };
  const off = /^I2 i-1 at 4120 is off the new grid of 50/;

  function listed(): Stage {
    const stage = new Stage();
    stage.hear({ type: "market_listed", market });
    stage.say("matched");
    return stage;
  }

  it("has to be asked to go", () => {
    const stage = listed();
    expect(stage.hear({ type: "tick_size_changed", marketId: "m", tick: 50 })).toEqual([
      expect.stringMatching(off),
    ]);
  });

  it("has been asked when the venue has refused since, and not when that was before the tick", () => {
    const asked = listed();
    expect(asked.hear({ type: "tick_size_changed", marketId: "m", tick: 50 }, [CANCEL])).toEqual([]);
    asked.say("cancel_refused");
    const terms = { type: "terms_changed", marketId: "m", terms: { acceptingOrders: false } };
    expect(asked.hear(terms)).toEqual([]);
    const before = listed();
    before.say("matched", [CANCEL]);
    before.say("cancel_refused");
    expect(before.hear({ type: "tick_size_changed", marketId: "m", tick: 50 })).toEqual([
      expect.stringMatching(off),
    ]);
  });
});

it("an order off the grid that was refused once has to be asked again while it rests", () => {
  const again = (effects: readonly Effect[]): readonly string[] => {
    const stage = new Stage();
    stage.hear({ type: "market_listed", market: { marketId: "m", tick: 10 } });
    stage.venue({ kind: "venue_order", status: "live" });
    stage.say("live");
    stage.hear({ type: "tick_size_changed", marketId: "m", tick: 50 }, [CANCEL]);
    stage.say("cancel_refused");
    const found = [...stage.say("live", effects)];
    for (let second = 0; second < 20; second++) found.push(...stage.say("live"));
    return found;
  };
  expect(again([CANCEL])).toEqual([]);
  expect(again([])).toEqual([expect.stringMatching(/^I22 .* a new tick left it off the grid, .* 1 times/)]);
});

describe("an order that did not rest when it had to go", () => {
  const moved = (machine: string, subject: string, to: string): Effect =>
    ({ type: "transition", machine, marketId: "m", subject, from: "IDLE", to }) as unknown as Effect;

  /** Heard to rest and asked to go, refused, and then asked so much. */
  const rested = (stage: Stage, effects: readonly Effect[]): readonly string[] => {
    stage.venue({ kind: "venue_order", status: "live" });
    const found = [
      ...stage.say("live", [CANCEL]),
      ...stage.say("cancel_refused"),
      ...stage.say("live", effects),
    ];
    for (let second = 0; second < 20; second++) found.push(...stage.say("live"));
    return found;
  };

  it.each([
    ["its market was halted", moved("trading", "m", "HALT")],
    ["its market was halted", moved("trading", "m", "FINALIZING")],
    ["its strategy was halted", moved("system", "strategy:s", "STRATEGY_HALTED")],
  ])("has to when it does: %s", (why, effect) => {
    const stage = (): Stage => {
      const made = new Stage();
      made.say("unknown", [effect]);
      // What has let trading go on since lets no order of before go on.
      made.hear({ type: "venue_mode" }, [moved("trading", "m", "IDLE")]);
      return made;
    };
    expect(rested(stage(), [CANCEL])).toEqual([]);
    expect(rested(stage(), [])).toEqual([
      expect.stringMatching(new RegExp(`^I22 .* rests 15.000 s after ${why}, .* asked to go 1 times`)),
    ]);
  });

  it("has to when its run has ended, and when a rest of it is beside what is matched", () => {
    const stage = (): Stage => {
      const made = new Stage(1);
      made.life.preparedAt.clear();
      made.say("matched");
      made.hear({ type: "market_listed", market: { marketId: "m", tick: 10 } });
      return made;
    };
    expect(rested(stage(), [CANCEL])).toEqual([]);
    expect(rested(stage(), [])).toEqual([expect.stringMatching(/^I22 .* after its run had ended, /)]);
  });

  it("is nobody's concern when no reason was there", () => {
    expect(rested(new Stage(), [])).toEqual([]);
  });
});

it("a run is not clean that leaves an order which the venue has listed for long", () => {
  const left = (restsFor: number, clean: boolean): readonly string[] => {
    const stage = new Stage();
    stage.venue({ kind: "venue_order", status: "live" });
    stage.venue({ kind: "arrival", copy: 1 }, (3 - restsFor) * SECOND);
    return stage.hear({ type: "run_stopped", clean, openOrders: 0 });
  };
  expect(left(5, true)).toEqual([expect.stringMatching(/^I21 life 0 says that it has ended clean/)]);
  expect([...left(3, true), ...left(5, false)]).toEqual([]);
});

it("a run is not clean while an order of it that never had an answer may still come to the venue", () => {
  const ends = (sentAgo: number, reply: string | undefined, resolved?: string): readonly string[] => {
    const stage = new Stage();
    stage.venue({ kind: "post", life: 0, intent: INTENT }, (3 - sentAgo) * SECOND);
    if (resolved !== undefined)
      stage.venue({ kind: "resolution", marketId: resolved, payouts: [0, 1_000_000] });
    if (reply !== undefined) stage.venue({ kind: "post_reply", outcome: reply });
    return stage.hear({ type: "run_stopped", clean: true, openOrders: 0 });
  };
  const coming = expect.stringMatching(
    /^I21 .* ended clean, .* left 20.000 s before and never had an answer/,
  );
  expect([ends(20, undefined), ends(20, "unknown")]).toEqual([[coming], [coming]]);
  expect([...ends(20, "rejected"), ...ends(70, "unknown")]).toEqual([]);
  // A market that is resolved takes none.
  expect([ends(20, "unknown", "m"), ends(20, "unknown", "another")]).toEqual([[], [coming]]);
});

it("what rests long after a kill is excused by an alarm that tells of it, and by no other", () => {
  const found = (code: string | undefined, arrivedAt = 0, stood = 0): readonly string[] => {
    const verdicts = new Verdicts();
    const kills = new Kills();
    kills.killed(0, 0);
    if (code !== undefined) kills.alarm({ kind: "alarm", seq: 1, at: SECOND, life: 0, code, message: "" });
    kills.stalled({ kind: "stall", seq: 1, at: SECOND, life: 0, ms: stood });
    const history = { world: { resting: () => [{ orderId: id("o") }] } } as unknown as History;
    const block = { kind: "block", seq: 2, at: 15 * SECOND, height: 1, finalized: 1, reorg: 0 } as const;
    kills.look(block, history, verdicts, (_order, _life, before) => arrivedAt < before);
    return (verdicts.take() ?? []).map(({ invariant, message }) => `${invariant} ${message}`);
  };
  for (const code of [undefined, "FEED_DEGRADED", "FRAME_QUARANTINED", "TERMS_CHANGED"])
    expect(found(code)).toEqual([expect.stringMatching(/^I22 1 orders of life 0 rest .* after its kill/)]);
  for (const code of ["ORDERS_MAY_BE_OPEN", "RECONCILE_MISMATCH", "BREAKER_TRIPPED"])
    expect(found(code)).toEqual([]);
  // What has come to the venue only now could not have been asked to go.
  expect([found(undefined, 14 * SECOND), found(undefined, 4 * SECOND)]).toEqual([[], found(undefined)]);
  // Whoever stands still asks for nothing meanwhile.
  expect(found(undefined, 0, 1_000)).toEqual([]);
});
