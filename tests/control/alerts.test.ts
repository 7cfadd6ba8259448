// What a run makes of its events for people: each kind of alert from the events that lead to it, over the real core.
import {
  id,
  parseConfig,
  VirtualClock,
  type AlertKind,
  type BotConfigInput,
  type ChainLook,
  type MarketId,
  type MatchId,
  type Usdc,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../packages/cli/src/alerts/alert.ts";
import { Alerts, type Channel } from "../../packages/cli/src/alerts/index.ts";
import { RiskRun, Scripted, shares, type Script } from "../risk/scripted.ts";
import { testMarket } from "../runtime/tape.ts";

const M1 = id<MarketId>("m1");

class PairScripted extends Scripted {
  static override readonly posture = "pair" as "directional";
}

/** A place that keeps what it is told. */
function ear(name: Channel["name"]): Channel & { readonly heard: Alert[] } {
  const heard: Alert[] = [];
  return {
    name,
    heard,
    send: ({ alerts }) => {
      heard.push(...alerts);
      return Promise.resolve({ outcome: { kind: "sent" }, held: alerts.length });
    },
  };
}

interface Watched {
  readonly run: RiskRun;
  readonly alerts: Alerts;
  /** Lets time pass, and says what was told in it. */
  told(seconds: number): Promise<readonly string[]>;
  readonly ears: readonly (Channel & { readonly heard: Alert[] })[];
}

function watched(
  given: BotConfigInput["alerts"] = {},
  options: ConstructorParameters<typeof RiskRun>[0] = {},
  runTime = false,
): Watched {
  const run = new RiskRun(options);
  run.tape.market(testMarket()).market(testMarket({ marketId: id("m2") }));
  run.book().book(47, 53, "m2");
  const clock = new VirtualClock({ startsAt: 1_780_000_000_000 });
  const ears = [ear("telegram"), ear("discord")];
  const config = parseConfig({ alerts: { telegram: { chat_id: "1" }, discord: {}, ...given } });
  const alerts = new Alerts({
    config,
    channels: ears,
    runtime: run.runtime,
    clock,
    runTime,
    onTrouble: (why) => expect.fail(why),
  });
  let seen = 0;
  return {
    run,
    alerts,
    ears,
    async told(seconds) {
      for (let left = Math.ceil(seconds); left > 0; left -= 1) {
        clock.advance(1_000);
        await new Promise(setImmediate);
      }
      const news = ears[0]!.heard.slice(seen);
      seen += news.length;
      return news.map(({ kind, state, text }) => `${state === "over" ? "over " : ""}${kind}: ${text}`);
    },
  };
}

describe("is told", () => {
  it("when a run starts and when it ends, and how", async () => {
    const { alerts, told, ears } = watched();
    expect(await told(1)).toEqual(["started: the run has started, live"]);
    await alerts.close("an error has ended the run: disk");
    expect(ears[1]!.heard.at(-1)).toMatchObject({ kind: "ended", text: "an error has ended the run: disk" });
  });

  it("a kill, by whom and why, each time; a stop of entries", async () => {
    const { run, told } = watched();
    await told(1);
    run.operate({ kind: "stop_entries", reason: "memory" });
    run.operate({ kind: "kill", reason: "enough" });
    const news = await told(1);
    expect(news).toContain("kill: killed by test: enough");
    expect(news).toContain("entries_stopped: stopped by test: memory");
    run.operate({ kind: "kill", reason: "again" });
    expect(await told(1)).toContain("kill: killed by test: again");
  });

  it("a halted market when it has been for five seconds, and that it trades again; nothing of a shorter one", async () => {
    const { run, told } = watched();
    await told(1);
    run.operate({ kind: "halt", marketId: M1, reason: "look" });
    expect(await told(3)).toEqual([]);
    run.operate({ kind: "resume", marketId: M1 });
    expect(await told(10)).toEqual([]);
    run.operate({ kind: "halt", marketId: M1, reason: "look" });
    const [raised, ...more] = await told(7);
    expect(raised).toMatch(/^halted_market: .*manual/);
    expect(more).toEqual([]);
    run.operate({ kind: "resume", marketId: M1 });
    expect(await told(1)).toEqual([expect.stringMatching(/^over halted_market/)]);
    // The same again so soon is counted, and told with the next.
    run.operate({ kind: "halt", marketId: M1, reason: "look" });
    expect(await told(20)).toEqual([]);
  });

  it("by the time of a run that is played again, however fast, what has lasted in it", async () => {
    const { run, told, ears } = watched({}, {}, true);
    await told(1);
    run.operate({ kind: "halt", marketId: M1, reason: "look" });
    // Our own time says nothing here.
    expect(await told(60)).toEqual([]);
    run.wait(4_000).book();
    expect(await told(1)).toEqual([]);
    run.wait(2_000).book();
    expect(await told(1)).toEqual([expect.stringMatching(/^halted_market: .*manual/)]);
    expect(ears[0]!.heard.at(-1)!.at).toBe(run.runtime.core.wall);
  });

  it("a chain that does not answer or is not final for long, and that it is over", async () => {
    const { run, told } = watched();
    await told(1);
    const looked = (chain: ChainLook): Promise<readonly string[]> => {
      run.wait(1_000).tape.offer({ type: "reconciled", agrees: true, differences: [], chain });
      return told(400);
    };
    expect(await looked({ finalAgeMs: 60_000 })).toEqual([]);
    expect(await looked({ finalAgeMs: 61_000 })).toEqual([
      expect.stringMatching(/^chain_not_final: the last final block of the chain is 61 s old/),
    ]);
    expect(await looked({ finalAgeMs: 90_000 })).toEqual([]);
    expect(await looked({})).toEqual([]);
    expect(await looked({ finalAgeMs: 4_000 })).toEqual([expect.stringMatching(/^over chain_not_final/)]);
    expect(await looked({ silent: "no node answers" })).toEqual([
      "chain_silent: the chain cannot be compared with: no node answers",
    ]);
    expect(await looked({})).toEqual([expect.stringMatching(/^over chain_silent/)]);
  });

  it("a source or the books that cannot be relied on, all books of a socket as one", async () => {
    const { run, told } = watched();
    await told(1);
    const health = (state: "stale" | "live"): void => {
      run.wait(1).tape.offer({
        type: "source_health",
        source: id("grid"),
        matchId: id<MatchId>("a"),
        health: state,
        reason: "silent",
      });
    };
    const books = (state: "disconnected" | "resynced"): void => {
      for (const marketId of ["m1", "m2"])
        run.wait(1).tape.offer({ type: "book_continuity", marketId: id(marketId), state, reason: "socket" });
    };
    health("stale");
    books("disconnected");
    const stale = (await told(20)).filter((line) => line.includes("feed_stale"));
    expect(stale).toEqual([
      "feed_stale: grid a: stale (silent)",
      expect.stringMatching(/^feed_stale: books: .* disconnected: socket$/),
    ]);
    health("live");
    books("resynced");
    expect((await told(1)).filter((line) => line.includes("feed_stale"))).toHaveLength(2);
  });

  it("an order of unknown fate until it is known, with its ids", async () => {
    const { run, told, ears } = watched();
    await told(1);
    const [orderId] = run.place({ size: shares(10) });
    run.report(orderId!, "sent").report(orderId!, "unknown");
    expect(await told(6)).toEqual([expect.stringMatching(/^order_unknown: .*a buy of 10 shares/)]);
    expect(ears[0]!.heard.at(-1)).toMatchObject({ severity: "critical", orderId, marketId: "m1" });
    run.report(orderId!, "live");
    expect(await told(1)).toEqual([expect.stringMatching(/^over order_unknown/)]);
  });

  it("a pair of which one leg alone was filled, until the other is", async () => {
    const script: Script = { act: undefined, hooks: [] };
    const { run, told } = watched({}, { use: { use: PairScripted, params: script } });
    await told(1);
    const leg = (outcome: 0 | 1): void => {
      script.act = (ctx) => {
        if (ctx.market.marketId === "m1")
          ctx.buy({ outcome, limit: 4_000 as never, size: shares(10), orderType: "GTC" });
      };
      run.book();
      script.act = undefined;
      const orderId = [...run.venue.intents.keys()].at(-1)!;
      run.trade(orderId, `t${outcome}`, "MATCHED");
    };
    leg(0);
    expect(await told(8)).toEqual([]);
    expect(await told(4)).toEqual([
      expect.stringMatching(/^one_leg_fill: .*10 shares of .* have no other leg$/),
    ]);
    leg(1);
    expect(await told(1)).toEqual([expect.stringMatching(/^over one_leg_fill/)]);
  });

  it("each further step that the account falls", async () => {
    const { run, told } = watched({ drawdown_step: 0.005 }, { risk: { max_daily_loss_usdc: 500 } });
    await told(1);
    const [orderId] = run.place({ size: shares(100), limit: 4_700 as never });
    expect(run.denials()).toEqual([]);
    run.trade(orderId!, "t1", "CONFIRMED", { at: 47 });
    await told(6);
    run.wait(1).tape.book([[38, 5_000]], [[53, 5_000]]);
    expect(await told(6)).toEqual([
      expect.stringMatching(/^drawdown: the account is worth \$991\.00, 0\.9 % below/),
    ]);
    expect(await told(20)).toEqual([]);
    run.wait(1).tape.book([[10, 5_000]], [[53, 5_000]]);
    expect(await told(6)).toEqual([expect.stringMatching(/^drawdown: .*, 3\.7 % below/)]);
  });

  it("what was paid otherwise, and what does not agree", async () => {
    const { run, told } = watched();
    await told(1);
    const pay = (payouts: readonly [number, number]): void => {
      run.wait(1).tape.offer({
        type: "market_resolution",
        marketId: M1,
        payouts: payouts as readonly [Usdc, Usdc],
        source: "test",
      });
    };
    pay([1_000_000, 0]);
    pay([0, 1_000_000]);
    run.wait(1).tape.offer({
      type: "reconciled",
      agrees: false,
      differences: [{ kind: "cash", expected: 1, actual: 2 }],
    });
    const news = (await told(1)).map((line) => line.split(":")[0]);
    expect(news).toContain("settlement_mismatch");
    expect(news).toContain("reconcile_mismatch");
  });
});

it("each kind goes where the configuration says, and to all places where it says nothing", async () => {
  const { run, told, ears } = watched({ kinds: { kill: { to: ["discord"] }, started: { to: [] } } });
  run.operate({ kind: "stop_entries" });
  run.operate({ kind: "kill" });
  await told(1);
  const kinds = (i: number): readonly AlertKind[] => ears[i]!.heard.map(({ kind }) => kind);
  expect(kinds(0)).toEqual(["entries_stopped"]);
  expect(kinds(1)).toEqual(["entries_stopped", "kill"]);
});

it("what does not last cannot be waited for", () => {
  expect(() => parseConfig({ alerts: { kinds: { kill: { after_s: 5 } } } })).toThrow(
    /alerts\.kinds\.kill.*unknown key/,
  );
});

it("a place that is not configured is no place to send a kind to", () => {
  expect(() => parseConfig({ alerts: { kinds: { kill: { to: ["discord"] } } } })).toThrow(
    /alerts\.kinds\.kill\.to.*there is no alerts\.discord/,
  );
});
