import type { Tier } from "../events/index.ts";
import type { SourceId } from "../ids.ts";
import { logistic, logit } from "../units/index.ts";
import type { ClaimSet, Judgement, Outcome3, Statement, TruthRule } from "./claims.ts";
import type { TruthConfig } from "./config.ts";

/** One upstream's vote. */
interface Vote {
  readonly says: Outcome3 | "open";
  readonly weight: number;
  readonly tier: Tier;
  /** Whether a tier-A member makes a result statement, rather than showing a score. */
  readonly official: boolean;
  /** Arrival of its oldest member. */
  readonly order: number;
  readonly forfeit: boolean;
  readonly sources: readonly SourceId[];
}

const OUTCOMES: readonly Outcome3[] = [0, 1, "void"];

/** Sums that differ by less are a tie: the terms of both are the same in another order. */
const TIE = 1e-9;

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Who speaks for a group: all of its members, or those who took their word back when the others have not heard of that yet. */
function speakersOf(members: readonly Statement[]): readonly Statement[] {
  const denials = members.filter((member) => member.says === "open");
  const since = denials.reduce((oldest, member) => Math.min(oldest, member.order), Infinity);
  const unheard = members.every(
    (member) => member.says === "open" || (member.order < since && member.again !== true),
  );
  return denials.length > 0 && unheard ? denials : members;
}

/** The members' common vote, or `undefined` when they disagree: then the group has none. */
function voteOf(group: readonly Statement[]): Vote | undefined {
  const members = speakersOf(group);
  const first = members[0]!;
  if (members.some((member) => member.says !== first.says)) return undefined;
  return {
    says: first.says,
    weight: members.reduce((best, member) => Math.max(best, logit(member.accuracy)), 0),
    tier: members.reduce<Tier>((best, member) => (member.tier < best ? member.tier : best), "C"),
    official: members.some((member) => member.tier === "A" && member.stated),
    order: members.reduce((oldest, member) => Math.min(oldest, member.order), first.order),
    forfeit: members.some((member) => member.forfeit),
    sources: members.map((member) => member.source).sort(byText),
  };
}

/** Votes in an order that does not depend on arrival, so that sums of floats do not either. */
function votesOf(statements: readonly Statement[]): { votes: Vote[]; divided: boolean } {
  const groups = new Map<string, Statement[]>();
  for (const statement of statements) {
    const group = groups.get(statement.upstream);
    if (group === undefined) groups.set(statement.upstream, [statement]);
    else group.push(statement);
  }
  const votes: Vote[] = [];
  let divided = false;
  for (const [, members] of [...groups].sort((a, b) => byText(a[0], b[0]))) {
    const vote = voteOf(members);
    if (vote === undefined) divided ||= members.some((member) => member.tier !== "C");
    else votes.push(vote);
  }
  return { votes, divided };
}

interface Side {
  readonly outcome: Outcome3;
  readonly supporters: readonly Vote[];
  readonly against: readonly Vote[];
  readonly logOdds: number;
}

/** Weighs one outcome. A denial speaks against it only when it is younger than a statement that it denies. */
function weigh(outcome: Outcome3, votes: readonly Vote[]): Side {
  const supporters = votes.filter((vote) => vote.says === outcome);
  const oldest = supporters.reduce((order, vote) => Math.min(order, vote.order), Infinity);
  const against = votes.filter((vote) =>
    vote.says === "open" ? vote.order > oldest : vote.says !== outcome,
  );
  const sum = (side: readonly Vote[]): number => side.reduce((total, vote) => total + vote.weight, 0);
  return { outcome, supporters, against, logOdds: sum(supporters) - sum(against) };
}

/** Whether the leader's evidence suffices for `final`. */
function isFinal(side: Side, contradicted: boolean, posterior: number, config: TruthConfig): boolean {
  if (contradicted && posterior < config.confirm_threshold) return false;
  const official =
    side.supporters.some((vote) => vote.official) && !side.against.some((vote) => vote.tier === "A");
  return official || side.supporters.length - side.against.length >= config.required_sources_for_final;
}

/**
 * The default rule: pooled log-odds with one vote per upstream.
 *
 * A vote for an outcome adds `logit(accuracy)` of its group's best source, a vote for another outcome subtracts it; the
 * prior is even. Members of one group that disagree cancel to no vote. A source that took its word back denies what was
 * stated before it did, by others and by copies of its own upstream. `effective` from `confirm_threshold`; `final` by one uncontested tier-A result statement, or by
 * `required_sources_for_final` more upstreams for than against. Tier C adds to both but suffices for neither alone.
 *
 * With the default accuracies: one tier-B source .95; B and C .994; two B .9972; A .99; A against B .839.
 */
export const pooledLogOdds: TruthRule = {
  id: "pooled-log-odds",
  judge(claims: ClaimSet, config: TruthConfig): Judgement {
    const { votes, divided } = votesOf(claims.statements);
    const sides = OUTCOMES.map((outcome) => weigh(outcome, votes));
    const logOdds = sides.map((side) => side.logOdds) as [number, number, number];
    const claimed = sides.filter((side) => side.supporters.length > 0);
    if (claimed.length === 0) {
      return {
        leader: undefined,
        level: "none",
        posterior: divided ? 0.5 : 0,
        logOdds,
        contradicted: divided,
        forfeit: false,
        sources: [],
      };
    }
    const best = claimed.reduce((a, b) => (b.logOdds > a.logOdds ? b : a));
    const tie = claimed.some((side) => side !== best && best.logOdds - side.logOdds < TIE);
    const posterior = logistic(best.logOdds);
    const serious = votes.some((vote) => vote.tier !== "C");
    const contradicted = divided || (serious && best.against.length > 0);
    const backed = best.supporters.some((vote) => vote.tier !== "C");
    let level: Judgement["level"] = "none";
    if (!tie && backed) {
      if (isFinal(best, contradicted, posterior, config)) level = "final";
      else if (posterior >= config.confirm_threshold) level = "effective";
    }
    return {
      leader: tie ? undefined : best.outcome,
      level,
      posterior,
      logOdds,
      contradicted,
      forfeit: !tie && best.supporters.some((vote) => vote.forfeit),
      sources: tie ? [] : best.supporters.flatMap((vote) => vote.sources).sort(byText),
    };
  },
};
