import { expect, test } from "vitest";
import { FAULT_TABLE, type FaultKind } from "../src/index.ts";
import { ALICE, BOB, Desk, START, type Account } from "./support.ts";

interface Scene {
  readonly desk: Desk;
  readonly alice: Account;
  readonly bob: Account;
  /** Arms the fault under test. */
  arm(more?: Record<string, unknown>): void;
  /** How often it has struck. */
  struck(): number;
}

const LOW = { price: 0.4, size: 10 };

/** What each fault must be seen to do, and how often it must then say that it struck. */
const CASES: Readonly<Record<FaultKind, (scene: Scene) => Promise<number>>> = {
  async restart({ desk, alice, arm }) {
    const id = await alice.rest(LOW);
    arm({ durationMs: 1_000, params: { postOnlyMs: 2_000 } });
    expect(await alice.place(LOW)).toMatchObject({ status: 425 });
    expect(alice.ask("DELETE", "/order", { orderID: id })?.status).toBe(425);
    expect(alice.get("/data/orders").data).toHaveLength(1);
    desk.pass(1_000);
    expect(await alice.place(LOW)).toMatchObject({
      status: 503,
      headers: { "retry-after": "2" },
      body: {
        error: "post-only mode: only post-only orders and cancels are allowed",
        code: "post_only_mode",
        retry_after_seconds: 2,
      },
    });
    expect((await alice.place({ ...LOW, postOnly: true })).body.status).toBe("live");
    expect(alice.ask("DELETE", "/order", { orderID: id })?.body.canceled).toEqual([id]);
    desk.pass(2_000);
    expect((await alice.place(LOW)).body.status).toBe("live");
    expect(desk.venue.faults()[1]).toMatchObject({ kind: "post_only", struck: 1, over: true });
    return 2;
  },
  async post_only({ alice, arm }) {
    arm({ count: 2 });
    expect((await alice.place(LOW)).status).toBe(503);
    const batch = [await alice.order(LOW), await alice.order({ ...LOW, postOnly: true })];
    expect(alice.ask("POST", "/orders", batch)?.body).toMatchObject([
      {
        success: true,
        orderID: "",
        status: "",
        errorMsg: "post-only mode: only post-only orders and cancels are allowed",
      },
      { success: true, status: "live", errorMsg: "" },
    ]);
    return 2;
  },
  async cancel_only({ alice, arm }) {
    const id = await alice.rest(LOW);
    arm({ durationMs: 1_000 });
    expect(await alice.place({ ...LOW, postOnly: true })).toMatchObject({
      status: 503,
      body: {
        error: "Trading is currently cancel-only. New orders are not accepted, but cancels are allowed.",
      },
    });
    expect(alice.ask("DELETE", "/cancel-all")?.body.canceled).toEqual([id]);
    return 1;
  },
  async trading_disabled({ alice, arm }) {
    arm({ durationMs: 1_000 });
    const error = "Trading is currently disabled. Check polymarket.com for updates";
    expect(await alice.place(LOW)).toMatchObject({ status: 503, body: { error } });
    expect(alice.ask("DELETE", "/cancel-all")).toMatchObject({ status: 503, body: { error } });
    return 2;
  },
  async rate_limited({ desk, alice, arm }) {
    arm({ match: { path: "/order", method: "POST" }, params: { retryAfter: 3 } });
    expect(desk.get("/ok").status).toBe(200);
    expect(await alice.place(LOW)).toMatchObject({
      status: 429,
      headers: { "retry-after": "3", "poly-ratelimit-remaining": "0" },
      body: { error: "Too Many Requests" },
    });
    expect(alice.get("/data/orders").data).toEqual([]);
    return 1;
  },
  async forbidden_html({ alice, arm }) {
    arm();
    const { status, headers, body } = await alice.place(LOW);
    expect([status, headers["content-type"]]).toEqual([403, "text/html; charset=UTF-8"]);
    expect(body).toMatch(/^<!DOCTYPE html>/);
    expect(alice.get("/data/orders").data).toEqual([]);
    return 1;
  },
  async server_error({ alice, arm }) {
    arm({ match: { path: "/order" }, params: { status: 502 } });
    expect(await alice.place(LOW)).toMatchObject({ status: 502, body: { error: "Internal server error" } });
    expect(alice.get("/data/orders").data).toHaveLength(1);
    arm({ params: { when: "before" } });
    expect(await alice.place(LOW)).toMatchObject({ status: 500, body: { error: "could not insert order" } });
    expect(alice.get("/data/orders").data).toHaveLength(1);
    return 2;
  },
  async hang({ desk, alice, arm }) {
    for (const when of ["after", "before"]) {
      arm({ params: { when } });
      expect(alice.ask("POST", "/order", await alice.order(LOW))).toBeUndefined();
      expect(desk.effects.at(-1)?.kind).toBe("hang");
      desk.pass(600_000);
      expect(alice.get("/data/orders").data).toHaveLength(1);
    }
    return 2;
  },
  async drop({ desk, alice, arm }) {
    arm();
    expect(alice.ask("POST", "/order", await alice.order(LOW))).toBeUndefined();
    expect(desk.effects.at(-1)?.kind).toBe("drop");
    expect(alice.get("/data/orders").data).toHaveLength(1);
    return 1;
  },
  async delay_reply({ desk, alice, arm }) {
    const ear = alice.user();
    arm({ match: { method: "POST" }, params: { delayMs: 500 } });
    expect(alice.ask("POST", "/order", await alice.order(LOW))).toBeUndefined();
    expect(ear.events()).toHaveLength(1);
    const answers = () => desk.effects.filter((each) => each.kind === "response").length;
    const before = answers();
    desk.pass(499);
    expect(answers()).toBe(before);
    desk.pass(1);
    expect(answers()).toBe(before + 1);
    return 1;
  },
  async success_with_error({ alice, arm }) {
    arm({ params: { message: "order match delayed due to market conditions" } });
    const { status, body } = await alice.place(LOW);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: true,
      errorMsg: "order match delayed due to market conditions",
      status: "",
    });
    expect(alice.get("/data/orders").data).toEqual([]);
    return 1;
  },
  async ghost_fill({ desk, alice, bob, arm }) {
    arm({ match: { address: ALICE.address } });
    const { yes, no } = desk.market();
    const [hers, his] = [alice.user(), bob.user()];
    await bob.rest({ token: no, price: 0.5, size: 10 });
    expect((await alice.place({ token: yes, price: 0.5, size: 10 })).body.status).toBe("matched");
    desk.pass(20_000);
    for (const ear of [hers, his])
      expect(
        ear
          .events()
          .filter(({ type }) => type === "TRADE")
          .map(({ status }) => status),
      ).toEqual(["MATCHED", "FAILED"]);
    expect(alice.get("/balance-allowance?asset_type=COLLATERAL").balance).toBe("1000000000");
    expect(alice.get(`/balance-allowance?asset_type=CONDITIONAL&token_id=${yes}`).balance).toBe("0");
    // The next one is none.
    await bob.rest({ token: no, price: 0.5, size: 10 });
    await alice.rest({ token: yes, price: 0.5, size: 10 });
    desk.pass(20_000);
    expect(hers.events().at(-1)).toMatchObject({ status: "CONFIRMED" });
    return 1;
  },
  async clock_skew({ desk, arm }) {
    const before = Number(desk.get("/time").body);
    arm({ durationMs: 1_000 });
    expect(desk.get("/time").body).toBe(before + 5);
    expect(desk.get("/time").body).toBe(before + 5);
    desk.pass(1_000);
    expect(desk.get("/time").body).toBe(before + 1);
    arm({ params: { ms: -7_000 } });
    expect(desk.get("/time").body).toBe(before - 6);
    return Promise.resolve(3);
  },
  async stale_balance({ desk, alice, bob, arm }) {
    const { yes, no } = desk.market();
    arm({ durationMs: 60_000 });
    await bob.rest({ token: no, price: 0.5, size: 20 });
    await alice.rest({ token: yes, price: 0.5, size: 20 });
    desk.pass(10_000);
    const path = `/balance-allowance?asset_type=CONDITIONAL&token_id=${yes}`;
    expect(alice.get(path).balance).toBe("0");
    const sale = { side: "SELL", token: yes, price: 0.6, size: 20 } as const;
    expect((await alice.place(sale)).body.error).toMatch(/balance: 0, order amount: 20000000/);
    alice.get(path.replace("?", "/update?"));
    expect(alice.get(path).balance).toBe("20000000");
    expect((await alice.place(sale)).body.status).toBe("live");
    return 2;
  },
  async user_duplicate({ alice, arm }) {
    const ear = alice.user();
    arm();
    await alice.rest(LOW);
    await alice.rest(LOW);
    expect(ear.events().map(({ type }) => type)).toEqual(["PLACEMENT", "PLACEMENT", "PLACEMENT"]);
    expect(ear.texts()[0]).toBe(ear.texts()[1]);
    return 1;
  },
  async user_reorder({ desk, alice, bob, arm }) {
    const ear = alice.user();
    await bob.rest({ token: desk.market().no, price: 0.6, size: 10 });
    arm({ match: { event: "trade", status: "MATCHED" }, params: { delayMs: 5_000 } });
    await alice.rest(LOW);
    desk.pass(5_000);
    const statuses = ear
      .events()
      .filter(({ type }) => type === "TRADE")
      .map(({ status }) => status);
    expect(statuses).toEqual(["MINED", "MATCHED"]);
    return 1;
  },
  async user_drop({ alice, arm }) {
    const ear = alice.user();
    arm({ match: { event: "order" } });
    await alice.rest(LOW);
    expect(ear.events()).toEqual([]);
    await alice.rest(LOW);
    expect(ear.events()).toHaveLength(1);
    return 1;
  },
  async user_freeze({ desk, alice, arm }) {
    const ear = alice.user();
    arm({ durationMs: 1_000 });
    await alice.rest(LOW);
    await alice.rest(LOW);
    ear.say("PING");
    expect(ear.texts()).toEqual(["PONG"]);
    desk.pass(1_000);
    await alice.rest(LOW);
    expect(ear.events()).toHaveLength(1);
    return 2;
  },
  async market_freeze({ desk, alice, arm }) {
    const ear = desk.socket("market", { type: "market", assets_ids: [desk.market().yes] });
    arm({ durationMs: 1_000, match: { market: desk.market().id } });
    await alice.rest(LOW);
    ear.say("PING");
    expect(ear.texts()).toHaveLength(2);
    expect(ear.texts()[1]).toBe("PONG");
    desk.pass(1_000);
    await alice.rest(LOW);
    expect(ear.events().at(-1)).toMatchObject({ event_type: "price_change" });
    return 1;
  },
  async missing_snapshot({ desk, arm }) {
    arm();
    const hello = { type: "market", assets_ids: [desk.market().yes] };
    expect(desk.socket("market", hello).events()).toEqual([]);
    expect(desk.socket("market", hello).events()).toHaveLength(1);
    return 1;
  },
  async missing_ended({ desk, arm }) {
    const ear = desk.socket("sports");
    arm();
    const [{ gameId }] = ear.events();
    desk.do({ do: "sports", gameId, status: "finished", ended: true });
    desk.pass(60_000);
    expect(ear.events().some((each) => each.ended)).toBe(false);
    return 1;
  },
};

test.each(Object.keys(FAULT_TABLE) as FaultKind[])("%s", async (kind) => {
  const desk = new Desk();
  const scene: Scene = {
    desk,
    alice: await desk.account(ALICE),
    bob: await desk.account(BOB),
    arm: (more = {}) => void desk.do({ do: "fault", kind, ...more }),
    struck: () => desk.venue.faults().reduce((sum, each) => sum + (each.kind === kind ? each.struck : 0), 0),
  };
  expect(await CASES[kind](scene)).toBe(scene.struck());
});

test("a ghost fill can wait for the price to move against whoever believed in it", async () => {
  const desk = new Desk();
  const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
  const { yes, no } = desk.market();
  desk.do({ do: "fault", kind: "ghost_fill", count: 2, params: { when: "adverse" } });
  const fill = async () => {
    await bob.rest({ token: no, price: 0.5, size: 10 });
    const { body } = await alice.place({ token: yes, price: 0.5, size: 10 });
    return body.tradeIDs[0] as string;
  };
  const status = (id: string) => alice.get(`/data/trades?id=${id}`).data[0].status;
  const still = await fill();
  desk.pass(20_000);
  expect(status(still)).toBe("CONFIRMED");
  const moved = await fill();
  await bob.rest({ token: yes, price: 0.55, size: 10 });
  desk.pass(20_000);
  expect(status(moved)).toBe("FAILED");
});

test("what is armed wrongly is refused with a word about it", () => {
  const desk = new Desk();
  for (const bad of [
    { kind: "nothing" },
    { kind: "__proto__" },
    { kind: "hang", count: 0 },
    { kind: "hang", count: "1" },
    { kind: "hang", durationMs: -1 },
    { kind: "hang", durationMs: 1e300 },
    { kind: "hang", probability: 2 },
    { kind: "hang", match: null },
    { kind: "hang", match: { path: 3 } },
    { kind: "hang", params: null },
    { kind: "hang", params: { delayMs: 3 } },
    { kind: "delay_reply", params: { delayMs: "3" } },
  ])
    expect(desk.admin({ do: "fault", ...bad })).toMatchObject({ ok: false, error: expect.any(String) });
  expect(desk.venue.faults()).toEqual([]);
});

test("chance comes from the seed, and faults can be ended", () => {
  const run = (seed: number) => {
    const desk = new Desk({ seed });
    desk.do({ do: "fault", kind: "forbidden_html", durationMs: 10_000, probability: 0.5 });
    const statuses = Array.from({ length: 40 }, () => desk.get("/ok").status);
    desk.do({ do: "disarm" });
    expect(desk.get("/ok").status).toBe(200);
    expect(desk.do({ do: "faults" })["faults"]).toMatchObject([{ over: true }]);
    return statuses;
  };
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
  expect(new Set(run(1))).toEqual(new Set([200, 403]));
  expect(START).toBeGreaterThan(0);
});
