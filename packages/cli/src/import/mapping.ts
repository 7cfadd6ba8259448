import {
  feeSchedule,
  id,
  MatchpointError,
  parsePrice,
  parseShares,
  type MarketDescription,
  type MarketSubject,
  type MatchDescription,
  type MatchId,
  type Team,
} from "@matchpoint/sdk";
import { z } from "zod";

/** A decimal, in quotes or not, of a unit's grammar. */
const decimal = (parse: (text: string) => number): z.ZodType<string> =>
  z
    .union([z.string(), z.number()])
    .transform(String)
    .superRefine((text, ctx) => {
      try {
        if (parse(text) <= 0) ctx.addIssue({ code: "custom", message: "must be more than 0" });
      } catch (error) {
        ctx.addIssue({ code: "custom", message: (error as Error).message });
      }
    });

const MATCH = z.strictObject({
  id: z.string().min(1),
  title: z.enum(["lol", "cs2", "dota2", "valorant", "other"]),
  teams: z.tuple([z.string().min(1), z.string().min(1)]),
  best_of: z.number().int().min(1).max(9),
  /** Per source: its id of the match and of both teams, in the order of `teams`. */
  refs: z
    .record(z.string(), z.strictObject({ match: z.string(), teams: z.tuple([z.string(), z.string()]) }))
    .optional(),
});

const MARKET = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  /** Both tokens: ids in quotes, or positions in the capture's token list. The first is outcome 0. */
  tokens: z.tuple([z.union([z.string(), z.number().int()]), z.union([z.string(), z.number().int()])]),
  outcomes: z.tuple([z.string().min(1), z.string().min(1)]),
  tick: decimal(parsePrice),
  min_size: decimal(parseShares).default("5"),
  /** The taker fee's rate in force at the time; 0.05 is five hundredths. */
  fee_rate: z.number().min(0).max(1),
  taker_delay_ms: z.number().int().min(0).max(60_000),
  mirrored: z.boolean().default(true),
  neg_risk: z.boolean().default(false),
  rules: z.string().optional(),
  /** What the market is about; `outcomes` then name its teams. Leave out what is not known. */
  subject: z
    .strictObject({
      match: z.string(),
      game: z.number().int().min(1).optional(),
      /** The team that each outcome pays for. */
      teams: z.tuple([z.string(), z.string()]),
    })
    .optional(),
});

/** What a capture does not say about itself, stated by whoever imports it. */
export const MAPPING = z.strictObject({
  kind: z.enum(["polymarket-ticks-csv", "market-ws-jsonl", "grid-series-events"]),
  /** Where the capture comes from, in words. */
  source: z.string().min(1),
  /** Who states this, and on what grounds. */
  asserted_by: z.string().min(1),
  /** Names of the capture's files within its folder, when PATH is a folder. */
  files: z
    .strictObject({
      ticks: z.string(),
      tokens: z.string(),
      scoreboard: z.string(),
      frames: z.string(),
      transactions: z.string(),
    })
    .partial()
    .prefault({}),
  /** For a scoreboard beside the ticks: whose word it is, and for which match. */
  scoreboard: z
    .strictObject({
      match: z.string(),
      source: z.string().default("scoreboard"),
      tier: z.enum(["A", "B", "C"]).default("B"),
    })
    .optional(),
  /** For `market-ws-jsonl`: which lines are frames of the market channel. */
  lines: z
    .strictObject({
      payload: z.string().default("payload"),
      received_ms: z.string().default("recv_wall_ts"),
      only: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
  /** For `grid-series-events`: how long after it happened a transaction is taken to have arrived. */
  lag_ms: z.number().int().min(0).max(600_000).default(500),
  matches: z.array(MATCH).default([]),
  markets: z.array(MARKET).default([]),
});

/** A checked mapping. */
export type Mapping = z.output<typeof MAPPING>;

function refuse(message: string, hint: string): never {
  throw new MatchpointError("MAPPING_INVALID", message, { hint });
}

/** The matches that a mapping states. */
export function mappedMatches(mapping: Mapping): readonly MatchDescription[] {
  return mapping.matches.map((match) => ({
    matchId: id(match.id),
    title: match.title,
    teams: [{ name: match.teams[0] }, { name: match.teams[1] }],
    bestOf: match.best_of,
    ...(match.refs === undefined ? {} : { refs: match.refs }),
  }));
}

/**
 * The markets that a mapping states. `tokens` is the capture's own list, for markets that name theirs by position.
 * @throws MatchpointError `MAPPING_INVALID`, `UNIT_INVALID`
 */
export function mappedMarkets(mapping: Mapping, tokens: readonly string[]): readonly MarketDescription[] {
  const seen = new Set<string>();
  return mapping.markets.map((market) => {
    const [first, second] = market.tokens.map((token) => tokenId(token, tokens, market.id)) as [
      string,
      string,
    ];
    for (const token of [first, second]) {
      if (seen.has(token))
        refuse(`token ${token} belongs to two outcomes`, "Each token may stand once in the mapping.");
      seen.add(token);
    }
    return {
      marketId: id(market.id),
      title: market.title,
      outcomes: [
        { tokenId: id(first), name: market.outcomes[0] },
        { tokenId: id(second), name: market.outcomes[1] },
      ],
      ...(market.subject === undefined ? {} : { subject: subjectOf(market.id, market.subject, mapping) }),
      tick: parsePrice(market.tick),
      minSize: parseShares(market.min_size),
      fee: feeSchedule(Math.round(market.fee_rate * 1_000_000), 1, true),
      takerDelayMs: market.taker_delay_ms,
      mirrored: market.mirrored,
      negRisk: market.neg_risk,
      acceptingOrders: true,
      clearBookOnStart: false,
      ...(market.rules === undefined ? {} : { rules: market.rules }),
    };
  });
}

function tokenId(token: string | number, tokens: readonly string[], market: string): string {
  if (typeof token === "string") return token;
  const found = tokens[token];
  if (found === undefined) {
    refuse(
      `market ${market} names token ${token}, but the capture lists ${tokens.length}`,
      "Positions count from 0.",
    );
  }
  return found;
}

function subjectOf(
  market: string,
  subject: NonNullable<Mapping["markets"][number]["subject"]>,
  mapping: Mapping,
): MarketSubject {
  const match = mapping.matches.find((candidate) => candidate.id === subject.match);
  if (match === undefined)
    refuse(`market ${market} is about match ${subject.match}, which is not listed`, "Add it under matches.");
  const [first, second] = subject.teams.map((name) => match.teams.indexOf(name));
  if (first === -1 || second === -1 || first === second) {
    refuse(
      `market ${market}: ${subject.teams.join(" and ")} are not the two teams of match ${match.id}`,
      `They are ${match.teams.join(" and ")}.`,
    );
  }
  const teamOf: readonly [Team, Team] = [first as Team, second as Team];
  const matchId = id<MatchId>(match.id);
  return subject.game === undefined
    ? { kind: "series", matchId, teamOf }
    : { kind: "game", matchId, game: subject.game, teamOf };
}
