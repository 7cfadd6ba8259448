import {
  id,
  Mailbox,
  type CoreEvent,
  type MatchClaim,
  type MatchId,
  type SourceEvent,
  type SourceId,
  type Tier,
} from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import type { Life } from "./life.ts";

/** A source of match facts, as it is when nothing is wrong. */
interface SourceTraits {
  readonly source: SourceId;
  readonly tier: Tier;
  readonly lagMs: readonly [number, number];
  /** Whether it tells how games stand, or only what they came to. */
  readonly progress: boolean;
}

const SOURCES: readonly SourceTraits[] = [
  { source: id("grid"), tier: "A", lagMs: [200, 900], progress: true },
  { source: id("pandascore"), tier: "B", lagMs: [800, 3_000], progress: true },
  { source: id("official"), tier: "A", lagMs: [1_500, 6_000], progress: false },
];

/** What has happened in a match so far, for those who come late. */
export interface ToldFact {
  readonly matchId: MatchId;
  readonly claim: MatchClaim;
}

/** A program's sources of match facts. */
export class TruthFeeds {
  readonly #ground: Ground;
  readonly #life: Life;
  readonly #out = new Mailbox<CoreEvent>();
  readonly #used: readonly SourceTraits[];
  readonly #silentUntil = new Map<SourceId, number>();
  readonly #lastAt = new Map<SourceId, number>();
  #ref = 0;

  constructor(ground: Ground, life: Life, told: readonly ToldFact[]) {
    this.#ground = ground;
    this.#life = life;
    const draw = ground.dice.stream("sources");
    // The same sources in every life of a world.
    const count = ground.sourceCount;
    this.#used = SOURCES.slice(0, count);
    for (const fact of told)
      for (const traits of this.#used) {
        if (isProgress(fact.claim)) continue;
        this.#send(traits, fact.matchId, fact.claim, { afterMs: draw.between(100, 800), replayed: true });
      }
  }

  events(signal: AbortSignal): AsyncIterable<CoreEvent> {
    return this.#out.read(signal);
  }

  close(): void {
    this.#out.close();
  }

  /** Something happened. */
  tell(matchId: MatchId, claim: MatchClaim): void {
    const draw = this.#ground.dice.stream("sources");
    for (const traits of this.#used) {
      if (isProgress(claim) && !traits.progress) continue;
      this.#one(traits, matchId, claim, draw.between(...traits.lagMs));
    }
  }

  stall(forMs: number): void {
    const { dice, time } = this.#ground;
    const { source } = dice.stream("sources").pick(this.#used);
    this.#silentUntil.set(source, time.now + forMs * 1e6);
  }

  /** A source takes a game back, and tells it again. */
  rollBack(matchId: MatchId, game: number, again: readonly MatchClaim[]): void {
    const traits = this.#used[0]!;
    this.#send(traits, matchId, { kind: "retracted", game, reason: "rollback" }, { afterMs: 300 });
    again.forEach((claim, i) => {
      this.#send(traits, matchId, claim, { afterMs: 1_500 + 300 * i });
    });
  }

  #one(traits: SourceTraits, matchId: MatchId, claim: MatchClaim, afterMs: number): void {
    const { dice } = this.#ground;
    const { number } = this.#life;
    const draw = dice.stream("sources");
    if (claim.kind === "game_won" && dice.strikes("truth_wrong")) {
      const winner = claim.winner === 0 ? 1 : 0;
      const correctedMs = afterMs + draw.between(2_000, 9_000);
      this.#send(traits, matchId, { ...claim, winner }, { afterMs, honest: false, fault: "truth_wrong" });
      this.#send(
        traits,
        matchId,
        { kind: "retracted", game: claim.game, reason: "correction" },
        { afterMs: correctedMs },
      );
      this.#send(traits, matchId, claim, { afterMs: correctedMs + 200 });
      return;
    }
    if (dice.strikes("truth_gap")) {
      this.#ground.fault("truth_gap", `${traits.source}: ${claim.kind}`, number);
      this.#send(traits, matchId, claim, {
        afterMs: afterMs + draw.between(3_000, 10_000),
        replayed: true,
        late: true,
      });
      return;
    }
    const ref = this.#send(traits, matchId, claim, { afterMs });
    if (!dice.strikes("truth_twice")) return;
    const later = afterMs + draw.between(0, 30_000);
    this.#send(traits, matchId, claim, { afterMs: later, ref, late: true, fault: "truth_twice" });
  }

  #send(
    { source, tier }: SourceTraits,
    matchId: MatchId,
    claim: MatchClaim,
    how: {
      readonly afterMs: number;
      readonly honest?: boolean;
      readonly replayed?: boolean;
      readonly ref?: string;
      /** Overtaken: the others do not wait for it. */
      readonly late?: boolean;
      /** What it is a case of, once it is heard. */
      readonly fault?: "truth_wrong" | "truth_twice";
    },
  ): string {
    const { time, history, dice } = this.#ground;
    const ref = how.ref ?? `${this.#life.number}-${this.#ref++}`;
    const occurredAt = this.#ground.wall();
    let at = time.now + how.afterMs * 1e6;
    const silent = this.#silentUntil.get(source) ?? 0;
    if (at < silent && dice.on) {
      this.#ground.fault("truth_stall", `${source}: ${claim.kind}`, this.#life.number);
      at = silent;
    }
    if (how.late !== true) {
      at = Math.max(at, this.#lastAt.get(source) ?? 0);
      this.#lastAt.set(source, at);
    }
    time.at(at, () => {
      this.#life.gate(() => {
        if (how.fault !== undefined)
          this.#ground.fault(how.fault, `${source}: ${claim.kind}`, this.#life.number);
        history.add({
          kind: "claim",
          life: this.#life.number,
          matchId,
          source,
          claim,
          honest: how.honest ?? true,
        });
        const event: SourceEvent = {
          type: "match_claim",
          ...this.#life.stamp(),
          occurredAt,
          matchId,
          source,
          tier,
          upstream: source,
          ref,
          ...(how.replayed === true ? { replayed: true } : {}),
          claim,
        };
        this.#out.push(event);
      });
    });
    return ref;
  }
}

function isProgress({ kind }: MatchClaim): boolean {
  return kind === "game_progress";
}
