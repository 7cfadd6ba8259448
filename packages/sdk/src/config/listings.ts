import { z } from "zod";
import type { MarketDescription, MatchDescription, TeamDescription } from "../events/index.ts";
import { id, type MarketId, type MatchId, type TokenId } from "../ids.ts";
import { feeSchedule, PRICE_ONE, SHARES_ONE, type Millis, type Price, type Shares } from "../units/index.ts";

const name = z.string().min(1);
/** Ids beyond 2^53 lose digits as numbers, so only text is taken. */
const idText = z
  .string({
    error: (issue) =>
      typeof issue.input === "number"
        ? "ids are text: put the number in quotes, or its last digits are lost"
        : undefined,
  })
  .min(1);
/** As decoders read it out of a frame: bytes and characters are the same, and JSON escapes none of them. */
const TOKEN = idText.regex(
  /^[\w.:-]{1,128}$/,
  "is no token id: letters, digits, and _ . : - only, as the venue writes it",
);
/** Unix milliseconds of 2000-01-01: what is less was written in seconds. */
const Y2K = 946_684_800_000;
const time = z
  .union([
    z
      .int()
      .min(0)
      .refine((at) => at >= Y2K, "is a time before 2000: write Unix milliseconds, not seconds"),
    z.iso.datetime({ offset: true }),
  ])
  .describe("Unix milliseconds, or an ISO 8601 time with its offset.");

const MIN_TICK = 0.0001;
const MAX_TICK = 0.5;

/** Whether prices on the grid of a tick are exact, and their complements on it too. Leaves out what the bounds say already. */
function isTick(tick: number): boolean {
  if (tick < MIN_TICK || tick > MAX_TICK) return true;
  const units = Math.round(tick * PRICE_ONE);
  return units / PRICE_ONE === tick && PRICE_ONE % units === 0;
}

const TEAM = z.union([
  name,
  z.strictObject({ name, aliases: z.array(name).exactOptional().describe("Other names that sources use.") }),
]);

/** A match as the configuration file has it. */
export const MATCH_CONFIG = z.strictObject({
  id: idText.describe("Our id of the match; markets refer to it."),
  title: z
    .enum(["lol", "cs2", "dota2", "valorant", "other"])
    .describe("The game that is played: its rules, and the model that is asked."),
  teams: z
    .tuple([TEAM, TEAM])
    .describe("Both teams: a name, or `{ name, aliases }`; refs and scores are in this order."),
  best_of: z
    .union([z.literal(1), z.literal(2), z.literal(3), z.literal(5)])
    .default(3)
    .describe("1, 2, 3 or 5 games."),
  starts_at: time.exactOptional(),
  league: name
    .exactOptional()
    .describe("The tournament, as sources or the venue call it: a listing of another one is not this match."),
  refs: z
    .record(
      name,
      z.strictObject({
        match: idText,
        teams: z.tuple([idText, idText]).refine(([first, second]) => first !== second, {
          path: [1],
          message: "both teams have the same id: each has one of its own",
        }),
      }),
    )
    .exactOptional()
    .describe("Per source: its id of the match and of both teams, in the order of `teams`."),
});

/** A market as the configuration file has it, for venues or recordings that do not describe their markets themselves. */
export const MARKET_CONFIG = z.strictObject({
  id: idText.describe("The venue's id; on Polymarket the condition id."),
  title: name.describe("For reports, and for `title_contains` of strategies."),
  outcomes: z
    .tuple([z.strictObject({ token: TOKEN, name }), z.strictObject({ token: TOKEN, name })])
    .describe(
      "Both outcomes: `token` is the venue's id of it, `name` the team it pays for, as the venue has it.",
    ),
  subject: z
    .strictObject({
      kind: z
        .literal("related")
        .exactOptional()
        .describe(
          "`related`: the match decides it, but it is not about who wins the match or a game, as a handicap or a total. Its risk and its profit count with the match; no truth-driven strategy trades it. Absent: it is about the winner.",
        ),
      match: idText.describe("Id of a match listed under `matches`."),
      game: z
        .int()
        .min(1)
        .max(5)
        .exactOptional()
        .describe("The game (map) that decides it; absent: the series."),
      team_of: z
        .tuple([z.union([z.literal(0), z.literal(1)]), z.union([z.literal(0), z.literal(1)])])
        .refine(([first, second]) => first !== second, "both outcomes are about the same team")
        .exactOptional()
        .describe(
          "Which team (0 or 1, in the order of the match's `teams`) each outcome pays for. The outcomes' names say it: needed by nobody, and refused when they contradict it.",
        ),
    })
    .exactOptional()
    .describe(
      "What the market is about, which its outcomes' names must prove. Absent: what Polymarket's listing proves, or nothing, and no truth-driven strategy may trade it.",
    ),
  tick: z
    .number()
    .min(MIN_TICK)
    .max(MAX_TICK)
    .refine(
      isTick,
      "must be a whole number of 0.0001 that divides 1 evenly, such as 0.1, 0.01, 0.005 or 0.001",
    )
    .default(0.01)
    .describe("Prices are whole counts of this many dollars; the venue may change it while it trades."),
  min_size: z.number().min(0).max(1_000_000).default(5).describe("Smallest order, in shares."),
  fee: z
    .strictObject({
      rate: z.number().min(0).max(1),
      exponent: z.int().min(0).max(4).default(1),
      taker_only: z.boolean().default(true),
    })
    .exactOptional()
    .describe("The market's own fees. Absent: `engine.fee_rate`, with a warning."),
  taker_delay_ms: z
    .int()
    .min(0)
    .max(600_000)
    .default(0)
    .describe("How long the venue holds a marketable order."),
  mirrored: z.boolean().default(true).describe("Whether both outcomes are one book, as on Polymarket."),
  neg_risk: z.boolean().default(false).describe("Whether it belongs to one of the venue's neg-risk events."),
  accepting_orders: z.boolean().default(true).describe("Whether the venue takes orders in it."),
  starts_at: time.exactOptional(),
  clear_book_on_start: z
    .boolean()
    .default(false)
    .describe("Whether the venue cancels all resting orders when the match starts."),
  rules: z
    .string()
    .exactOptional()
    .describe(
      "The text that says what it pays; `risk.resolution_filter` says what is done when it is not understood.",
    ),
});

/** Turns a configured match into the vocabulary's. */
export function matchDescription(config: z.output<typeof MATCH_CONFIG>): MatchDescription {
  const team = (value: z.output<typeof TEAM>): TeamDescription =>
    typeof value === "string" ? { name: value } : value;
  return {
    matchId: id<MatchId>(config.id),
    title: config.title,
    teams: [team(config.teams[0]), team(config.teams[1])],
    bestOf: config.best_of,
    ...(config.starts_at === undefined ? {} : { startsAt: millis(config.starts_at) }),
    ...(config.league === undefined ? {} : { league: config.league }),
    ...(config.refs === undefined ? {} : { refs: config.refs }),
  };
}

/** Turns a configured market into the vocabulary's, without its subject: that has to be proven. */
export function marketDescription(config: z.output<typeof MARKET_CONFIG>): MarketDescription {
  const { fee, starts_at: startsAt, rules, subject } = config;
  const [first, second] = config.outcomes;
  return {
    marketId: id<MarketId>(config.id),
    title: config.title,
    outcomes: [
      { tokenId: id<TokenId>(first.token), name: first.name },
      { tokenId: id<TokenId>(second.token), name: second.name },
    ],
    ...(subject?.kind === "related" ? { related: id<MatchId>(subject.match) } : {}),
    tick: Math.round(config.tick * PRICE_ONE) as Price,
    minSize: Math.round(config.min_size * SHARES_ONE) as Shares,
    ...(fee === undefined
      ? {}
      : { fee: feeSchedule(Math.round(fee.rate * 1_000_000), fee.exponent, fee.taker_only) }),
    takerDelayMs: config.taker_delay_ms,
    mirrored: config.mirrored,
    negRisk: config.neg_risk,
    acceptingOrders: config.accepting_orders,
    ...(startsAt === undefined ? {} : { startsAt: millis(startsAt) }),
    clearBookOnStart: config.clear_book_on_start,
    ...(rules === undefined ? {} : { rules }),
  };
}

function millis(value: number | string): Millis {
  return (typeof value === "number" ? value : Date.parse(value)) as Millis;
}
