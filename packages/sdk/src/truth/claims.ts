import type { Team, Tier } from "../events/index.ts";
import type { MatchId, SourceId } from "../ids.ts";
import type { TruthConfig } from "./config.ts";

/** How a series or a game can end: one of the teams won, or it counts as not held. */
export type Outcome3 = Team | "void";

/** What one source says at present about the end of one series or game. */
export interface Statement {
  readonly source: SourceId;
  /** The tier that counts (see `tier_a_sources`), not the one that the feed claims. */
  readonly tier: Tier;
  /** Sources of one upstream are one vote. */
  readonly upstream: string;
  /** How often the source is right, above 0.5. */
  readonly accuracy: number;
  /** `open`: the source took back what it had said, so it denies every end that was stated before. */
  readonly says: Outcome3 | "open";
  readonly forfeit: boolean;
  /** Whether it is a result statement, rather than read from a score. */
  readonly stated: boolean;
  /** Whether the source states it after it had taken its word back: it has heard of that. Default: it does not. */
  readonly again?: boolean;
  /** Place in the order of arrival within the match. */
  readonly order: number;
}

/** Everything that counts about the end of one series or game: at most one statement per source. */
export interface ClaimSet {
  readonly matchId: MatchId;
  /** Absent: the series. */
  readonly game?: number;
  readonly statements: readonly Statement[];
}

/** What a {@link TruthRule} makes of the claims. */
export interface Judgement {
  /** The likeliest end among those that are claimed; `undefined` when none is, or on a tie. */
  readonly leader: Outcome3 | undefined;
  /** What the evidence suffices for. `void` has no finer levels: either suffices. */
  readonly level: "none" | "effective" | "final";
  /** Probability of the leader by the pooled evidence, 0.5 on a tie, 0 when nobody claims an end. */
  readonly posterior: number;
  /** Pooled log-odds of team 0, team 1 and `void`; 0 for what nobody speaks for or against. */
  readonly logOdds: readonly [number, number, number];
  /** Whether counted votes disagree. */
  readonly contradicted: boolean;
  readonly forfeit: boolean;
  /** The sources that speak for the leader, sorted. */
  readonly sources: readonly SourceId[];
}

/** The replaceable part of the engine: how claims become a judgement. Must be a pure function, whatever their order. */
export interface TruthRule {
  readonly id: string;
  judge(claims: ClaimSet, config: TruthConfig): Judgement;
}
