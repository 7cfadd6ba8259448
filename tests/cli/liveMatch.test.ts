// The reference bot trades a simulated match live: facts over GRID's and PandaScore's protocols, orders at a venue over its own, money on
// a local chain. Its configuration is the one of examples/reference-bot, for another match at other addresses.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findAnvil } from "@matchpoint/paper-venue";
import type { Outcome } from "@matchpoint/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PUBLISHED } from "../../scripts/rehearsal/options.ts";
import { configAt, openRehearsal, type Rehearsal } from "../../scripts/rehearsal/world.ts";
import { FadeTheStomp } from "../../examples/reference-bot/src/fadeTheStomp.ts";
import { skippedWithout } from "../polymarket/chainSupport.ts";
import { JournalBooks } from "./liveMatchBooks.ts";
import { KEY, WALLET } from "./liveSupport.ts";
import { command, ROOT, startBot, temporaryFolder } from "./support.ts";

/** What somebody has: dollars, and shares by token, in millionths. */
interface Holdings {
  readonly cash: number;
  readonly shares: Readonly<Record<string, number>>;
}

const KEYS = {
  MATCHPOINT_PRIVATE_KEY: KEY,
  MATCHPOINT_GRID_API_KEY: "any",
  MATCHPOINT_PANDASCORE_TOKEN: "any",
};

/** The strategies that the reference bot adds. */
const OWN = { strategies: { [FadeTheStomp.id]: FadeTheStomp } };

it("the published configuration is that of the world that npm run live:local starts", () => {
  const published = readFileSync(join(ROOT, "examples/reference-bot/live-local.yaml"), "utf8");
  expect(published).toBe(configAt(PUBLISHED));
});

describe.skipIf(skippedWithout(findAnvil()))("a simulated match, traded live", { timeout: 180_000 }, () => {
  let world: Rehearsal;
  let cwd: string;

  beforeAll(async () => {
    world = await openRehearsal({
      seed: 111,
      title: "lol",
      bestOf: 3,
      pace: 700,
      makersLateMs: 1_000,
      makersOverreact: 2.5,
      pandascoreLateMs: 300,
      leadMs: 400,
      secondsDelay: 0,
      chain: "anvil",
      settleMs: { mined: 50, block: 200 },
    });
    world.venue.command({ do: "fund", address: WALLET, usd: 500 });
    await world.venue.idle();
    cwd = temporaryFolder();
    writeFileSync(join(cwd, "bot.yaml"), `${world.config}journal: { dir: ${JSON.stringify(cwd)} }\n`);
  });
  afterAll(() => world.close());

  const tokens = (): string[] =>
    world.venue.markets.flatMap((market) => market.tokens.map(({ tokenId }) => tokenId));

  const ofLedger = (books: JournalBooks): Holdings => {
    const { ledger } = books.core;
    const shares = world.venue.markets.flatMap(({ conditionId, tokens: pair }) =>
      pair.map(({ tokenId }, outcome) => [
        tokenId,
        ledger.position(conditionId as never, outcome as Outcome).settled as number,
      ]),
    );
    return { cash: ledger.cash, shares: Object.fromEntries(shares) as Holdings["shares"] };
  };

  const ofVenue = (): Holdings => {
    const view = world.venue.venue.exchange.view(WALLET.toLowerCase());
    const shares = world.venue.markets.flatMap(({ conditionId, tokens: pair }) =>
      pair.map(({ tokenId }, outcome) => {
        const held = view
          .positions()
          .find((each) => each.marketId === conditionId && each.outcome === outcome);
        return [tokenId, held?.settled ?? 0];
      }),
    );
    return { cash: view.balances().collateral, shares: Object.fromEntries(shares) as Holdings["shares"] };
  };

  const ofChain = async (): Promise<Holdings> => {
    const ids = tokens();
    const { pusd, tokens: amounts } = await world.chain!.balances(WALLET, ids);
    return { cash: pusd, shares: Object.fromEntries(ids.map((token, n) => [token, amounts[n]!])) };
  };

  it("from the checklist to merge and redeem: ledger, venue and chain agree to the micro-dollar", async () => {
    for (const [name, value] of Object.entries(KEYS)) vi.stubEnv(name, value);
    const approved = await command(["wallet", "approve", "--config", join(cwd, "bot.yaml")], OWN);
    vi.unstubAllEnvs();
    expect([approved.code, approved.err]).toEqual([0, ""]);

    const running = startBot(["run", "--live", "--config", "bot.yaml", "--journal", "match.jsonl"], {
      cwd,
      env: KEYS,
    });
    const books = new JournalBooks(join(cwd, "match.jsonl"));
    const soon = async (what: string, check: () => boolean | Promise<boolean>): Promise<void> => {
      const end = Date.now() + 60_000;
      while (!(await check())) {
        if (Date.now() > end) expect.fail(`not within a minute: ${what}\n${running.written()}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const agreed = async (): Promise<boolean> => {
      const [ledger, venue, chain] = [ofLedger(books.read()), ofVenue(), await ofChain()];
      return JSON.stringify([ledger, ledger]) === JSON.stringify([venue, chain]);
    };

    await running.until(/LIVE with \$500: 4 markets, fade-the-stomp/);
    const checklist = running.written();
    for (const check of [
      "geoblock",
      "version",
      "clock-venue",
      "api-key",
      "account",
      "contracts",
      "allowances",
      "flat",
    ])
      expect(checklist).toMatch(new RegExp(`ok +${check} `));
    expect(checklist).not.toMatch(/is not traded on match facts/);
    await world.match.followed();
    // Makers, books and a listing, but nobody has said anything of the match: nothing is traded.
    expect(books.read().placed).toEqual([]);

    const { pay, winner, games } = await world.play();
    expect([winner, games]).toEqual([0, [0, 0, undefined]]);
    await soon("trades are confirmed, pairs merged, and all agree", async () => {
      const merged = books.read().core.counts.merges > 0 && books.core.orders.openCount === 0;
      return merged && (await agreed());
    });
    const held = ofLedger(books);
    expect(Object.values(held.shares).some((shares) => shares > 0)).toBe(true);
    expect(ofVenue()).toEqual(held);
    expect(await ofChain()).toEqual(held);

    pay();
    await soon("everything is redeemed", async () => {
      const { shares } = ofLedger(books.read());
      return Object.values(shares).every((each) => each === 0) && (await agreed());
    });
    running.child.kill("SIGINT");
    const ended = await running.ended;
    expect([ended.code, ended.err]).toEqual([0, ""]);
    const paid = ofLedger(books.read());
    expect(ofVenue()).toEqual(paid);
    expect(await ofChain()).toEqual(paid);
    const [, printed] = /Cash \$([\d.,]+) of \$500\.00 paid in/.exec(ended.out)!;
    expect(Math.round(Number(printed!.replaceAll(",", "")) * 1e6)).toBe(paid.cash);
    expect(ended.out).toMatch(/the markets add up to the ledger/);

    const { counts } = books.core;
    const own = books.placed.filter(({ intent }) => String(intent.strategyId).startsWith("fade-"));
    // It is news of the match that the bot's own strategy trades on, and to all news it says what it does, or why it does nothing.
    expect(own.length).toBeGreaterThan(2);
    expect(new Set(own.map(({ cause }) => cause))).toEqual(new Set(["match_claim"]));
    expect(books.heard.length).toBeGreaterThan(200);
    expect(books.heard.filter(({ bought, reasons }) => bought + reasons.length !== 1)).toEqual([]);
    expect(counts.intents).toBe(counts.orders + counts.denied);
    expect(counts.quarantined).toBe(0);

    const verified = await command(["verify", join(cwd, "match.jsonl"), "--json"], OWN);
    expect(JSON.parse(verified.out)).toMatchObject({ ok: true, ended: true });
    for (const text of [readFileSync(join(cwd, "match.jsonl"), "utf8"), ended.out])
      expect(text).not.toContain(KEY.slice(2));
  });
});
