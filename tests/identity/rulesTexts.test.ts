/** The rules text of every recorded market, assessed; and what resolved markets paid, beside what the rules make of what happened. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { listingFacts } from "@matchpoint/adapters-polymarket";
import {
  assessResolution,
  DEFAULT_RESOLUTION_RULES,
  resolvePayouts,
  type GameTruth,
  type MarketSubject,
  type Nanos,
  type ResolutionAssessment,
  type TruthState,
  type TruthStatus,
  type Verdict,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { listings, recorded, type Listing } from "./realSchedules.ts";

const data = process.env["MATCHPOINT_DATA"] ?? resolve(import.meta.dirname, "../../../shared/data");
const nautilus = resolve(data, "fixtures-nautilus_trader/polymarket-rust");
const resolved = resolve(data, "polymarket-lol-resolved-2026-07-24/snapshot.json");
const fixtures = existsSync(nautilus) && existsSync(resolved);
if (!fixtures)
  console.warn(`skipped: no recorded fixtures and resolved markets in ${data} (set MATCHPOINT_DATA)`);

function assess({ market: { description, details }, market }: Listing): ResolutionAssessment {
  const facts = listingFacts(market);
  return assessResolution({
    rules: description.rules ?? "",
    outcomes: [description.outcomes[0].name, description.outcomes[1].name],
    startsAt: description.startsAt,
    resolutionSource: details.resolutionSource,
    ...(facts.kind === "refused"
      ? {}
      : {
          title: facts.title,
          subject: facts.game === undefined ? { kind: "series" } : { kind: "game", game: facts.game },
        }),
  });
}

const outcome = (answer: ResolutionAssessment): string =>
  answer.ok ? answer.template : [...new Set(answer.findings.map(({ code }) => code))].join(" + ");

describe.skipIf(!recorded)("the texts of 996 listings", () => {
  const all = recorded ? listings().map((listing) => ({ listing, answer: assess(listing) })) : [];

  it("are accepted by template or refused by code", () => {
    const table: Record<string, Record<string, number>> = {};
    for (const { listing, answer } of all) {
      const row = (table[listing.market.details.sportsMarketType ?? "none"] ??= {});
      row[outcome(answer)] = (row[outcome(answer)] ?? 0) + 1;
    }
    console.table(table);
    const { moneyline, child_moneyline: game, map_handicap: handicap, totals, ...props } = table;
    expect(moneyline).toEqual({ "esports-match": 91, DELAY_PASSED: 1 });
    expect(game).toEqual({ "esports-game": 132, DELAY_PASSED: 2 });
    expect(handicap).toEqual({ "esports-handicap": 69, UNCLEAR_ORACLE: 2, DELAY_PASSED: 1 });
    expect(totals).toEqual({ "esports-total": 65, DELAY_PASSED: 1 });
    for (const row of Object.values(props)) expect(Object.keys(row)).toEqual(["TEMPLATE_UNSUPPORTED"]);
  });

  it("name the sentence of every refusal, as it stands in the text", () => {
    const flat = (text: string): string => text.replace(/[\u2018\u2019]/g, "'").replace(/\s+/g, " ");
    for (const { listing, answer } of all) {
      for (const { sentence } of answer.ok ? [] : answer.findings) {
        expect(flat(listing.market.description.rules!)).toContain(flat(sentence).trim());
        expect(sentence.length).toBeGreaterThan(20);
      }
    }
  });

  it("say what their rule says, by words that are looked up without the grammar", () => {
    let checked = 0;
    for (const { listing, answer } of all) {
      if (!answer.ok) continue;
      checked += 1;
      const text = listing.market.description.rules!;
      const half = (words: string): boolean => new RegExp(`${words}[^.\\n]*resolve(?: to)? 50-50`).test(text);
      const series = answer.template !== "esports-game";
      expect(half("canceled \\(not played at all")).toBe(true);
      expect(half("ends in a tie")).toBe(answer.rule.tie === "fifty_fifty");
      expect(answer.rule.tie !== undefined).toBe(series);
      expect(text).toContain(`delayed beyond ${String(answer.rule.delayDays)} days`);
      expect(
        /forfeiture, disqualification, or walkover, this market will resolve to the team who wins/.test(text),
      ).toBe(answer.rule.forfeitAfterStart === "winner");
      if (answer.template === "esports-match") expect(half("withdraws before the start")).toBe(true);
      if (!series) expect(half("not completed for any reason")).toBe(true);
      // Every sentence that resolves anything was recognised.
      const recognised = answer.clauses.map(({ sentence }) => sentence).join(" ");
      expect(recognised.match(/resolve/g)?.length).toBe(text.match(/resolve/g)?.length);
    }
    expect(checked).toBe(357);
  });

  it("state the rules that markets without a text are held to", () => {
    for (const { answer } of all) {
      if (!answer.ok) continue;
      if (answer.template === "esports-match") expect(answer.rule).toEqual(DEFAULT_RESOLUTION_RULES.series);
      if (answer.template === "esports-game") expect(answer.rule).toEqual(DEFAULT_RESOLUTION_RULES.game);
    }
  });
});

interface Described {
  readonly description?: string;
  readonly question?: string;
  readonly outcomes?: string | readonly string[];
}

/** Every record with a description in a file, whatever its shape. */
function described(value: unknown): readonly Described[] {
  if (typeof value !== "object" || value === null) return [];
  const own =
    "description" in value && typeof value.description === "string" && value.description !== ""
      ? [value as Described]
      : [];
  return [...own, ...Object.values(value).flatMap(described)];
}

describe.skipIf(!fixtures)("other recorded texts", () => {
  it("of esports are accepted, and of anything else refused", () => {
    const files = [
      "gamma_market_sports_market_money_line.json",
      "gamma_market_sports_market_map_handicap.json",
      "gamma_market.json",
      "gamma_event.json",
      "gamma_market_closed_nonbinary_legacy.json",
      "gamma_market_closed_zero_zero_legacy.json",
      "gamma_market_closed_binary_accepting_true.json",
      "clob_market_closed_binary_accepting_false.json",
      "search_response.json",
      "ws_market_new_market_msg.json",
    ];
    const counts: Record<string, number> = {};
    const seen = new Set<string>();
    for (const file of files) {
      for (const { description, outcomes } of described(
        JSON.parse(readFileSync(resolve(nautilus, file), "utf8")),
      )) {
        if (seen.has(description!)) continue;
        seen.add(description!);
        const names = typeof outcomes === "string" ? (JSON.parse(outcomes) as string[]) : outcomes;
        const esports = description!.includes("FaZe");
        const answer = assessResolution({
          rules: description!,
          outcomes: esports ? ["FaZe", "illwill"] : [names?.[0] ?? "Yes", names?.[1] ?? "No"],
        });
        counts[`${esports ? "esports" : "other"}: ${outcome(answer)}`] =
          (counts[`${esports ? "esports" : "other"}: ${outcome(answer)}`] ?? 0) + 1;
      }
    }
    console.log("texts of fixtures", counts);
    expect(Object.keys(counts).filter((key) => key.startsWith("other"))).toEqual([
      "other: TEMPLATE_UNSUPPORTED",
    ]);
    expect(
      Object.keys(counts)
        .filter((key) => key.startsWith("esports"))
        .sort(),
    ).toEqual(["esports: esports-handicap", "esports: esports-match"]);
  });
});

interface ResolvedEvent {
  readonly slug: string;
  readonly score: string;
  readonly moneyline_series: ResolvedMarket | null;
  readonly moneyline_maps: readonly ResolvedMarket[];
}
interface ResolvedMarket {
  readonly question: string;
  readonly closed: boolean;
  readonly outcomes: readonly { readonly prob: number }[];
}

function verdict(status: TruthStatus, winner: 0 | 1 | undefined, forfeit = false): Verdict {
  return {
    status,
    winner,
    posterior: 1,
    singleSource: false,
    forfeit,
    revision: 1,
    since: 0 as Nanos,
    sources: [],
  };
}

/** What the listing's own score says of a match, with the causes that are known of two of them. */
function truthOf(event: ResolvedEvent): { state: TruthState; known: ReadonlySet<number> } | undefined {
  const parts = /\|(\d)-(\d)\|Bo(\d)$/.exec(event.score)!;
  const [a, b, bestOf] = parts.slice(1).map(Number) as [number, number, number];
  const game = (number: number, made: Verdict): GameTruth => ({ ...made, game: number, progress: {} });
  const numbers = Array.from({ length: bestOf }, (_, index) => index + 1);
  const state = (own: Verdict, games: readonly GameTruth[]): TruthState => ({
    ...own,
    match: {
      matchId: event.slug as TruthState["match"]["matchId"],
      title: "lol",
      teams: [{ name: "a" }, { name: "b" }],
      bestOf,
    },
    maps: [a, b],
    games,
    currentGame: 1,
    stale: false,
    staleSource: undefined,
    lastClaimAt: 0 as Nanos,
  });
  if (event.slug === "lol-sgw-dino-2026-06-10") {
    // Live and 0-0 when it was given to the first team: begun, then forfeited, and no game completed.
    const games = numbers.map((number) =>
      game(number, verdict(number === 1 ? "final" : "not_played", number === 1 ? 0 : undefined, true)),
    );
    const begun = games.map((each) => (each.game === 1 ? { ...each, progress: { clockMs: 1 } } : each));
    return { state: state(verdict("final", 0, true), begun), known: new Set([0, ...numbers]) };
  }
  if (Math.max(a, b) * 2 <= bestOf) return undefined;
  const winner = a > b ? 0 : 1;
  const sweep = Math.min(a, b) === 0;
  const forfeited = event.slug === "lol-myth-ban2-2026-05-14";
  const games = numbers.map((number) => {
    if (number > a + b) return game(number, verdict("not_played", undefined));
    return game(number, verdict("final", sweep ? winner : number === 1 ? 0 : 1, forfeited && number === 1));
  });
  // Who won which game of a series that was no sweep the score does not say.
  const known = numbers.filter((number) => sweep || number > a + b || (forfeited && number === 1));
  return { state: state(verdict("final", winner), games), known: new Set([0, ...known]) };
}

describe.skipIf(!fixtures)("what resolved markets paid", () => {
  it("is what the rules make of what happened, wherever that is known", () => {
    const { events } = JSON.parse(readFileSync(resolved, "utf8")) as { events: readonly ResolvedEvent[] };
    const compared: Record<string, number> = {};
    for (const event of events) {
      const closed = [event.moneyline_series, ...event.moneyline_maps].filter(
        (market): market is ResolvedMarket => market?.closed === true,
      );
      const truth = closed.length === 0 ? undefined : truthOf(event);
      if (truth === undefined) continue;
      for (const market of closed) {
        const number = Number(/Game (\d) Winner/.exec(market.question)?.[1] ?? 0);
        if (!truth.known.has(number)) continue;
        const matchId = event.slug as TruthState["match"]["matchId"];
        const subject: MarketSubject =
          number === 0
            ? { kind: "series", matchId, teamOf: [0, 1] }
            : { kind: "game", matchId, game: number, teamOf: [0, 1] };
        const expected = resolvePayouts(subject, truth.state);
        const paid = market.outcomes.map(({ prob }) => prob * 1_000_000);
        expect(expected.decided && expected.payouts, `${event.slug} ${market.question}`).toEqual(paid);
        const why = `${subject.kind}: ${expected.reason}`;
        compared[why] = (compared[why] ?? 0) + 1;
      }
    }
    console.log("resolved LoL markets that the rules agree with", compared);
    expect(compared).toMatchObject({ "series: won": 12, "game: not played": 3, "game: forfeit": 2 });
  });
});
