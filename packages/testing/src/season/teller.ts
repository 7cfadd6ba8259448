import type { MatchClaim, Team } from "@matchpoint/sdk";
import type { Prng } from "../simulator/prng.ts";
import { mistaken, type Mistake, type Voice } from "./voices.ts";
import type { Moment, View } from "./world.ts";

/** A message of a source as it arrives. */
export interface Message {
  readonly at: number;
  readonly voice: Voice;
  readonly claim?: MatchClaim;
  readonly health?: "down" | "live";
  readonly ref?: string;
  readonly replayed?: boolean;
}

interface ToldGame {
  ref: number;
  score: readonly [number, number];
  clockMs: number;
  paused: boolean;
  winner: Team | undefined;
}

/** What a source has said so far, and what it says when it looks again. */
class Memory {
  readonly #voice: Voice;
  readonly #games = new Map<number, ToldGame>();
  #started = false;
  #off: View["off"];
  #maps: readonly [number, number] = [0, 0];
  #winner: Team | undefined;
  #ended = false;

  constructor(voice: Voice) {
    this.#voice = voice;
  }

  look(view: View, rounds: boolean): MatchClaim[] {
    const out: MatchClaim[] = [];
    const { says } = this.#voice.profile;
    if (this.#off !== undefined && view.off !== this.#off) {
      out.push({ kind: "retracted", reason: "correction" });
      this.#off = undefined;
    }
    if (view.off !== undefined && this.#off === undefined) {
      this.#off = view.off;
      out.push({ kind: "cancelled", reason: view.off });
    }
    if (view.started && !this.#started) {
      this.#started = true;
      if (says.has("progress")) out.push({ kind: "series_started" });
    }
    for (const game of view.games) this.#game(game, view, rounds, out);
    const [a, b] = view.maps;
    if (says.has("scores") && (a !== this.#maps[0] || b !== this.#maps[1])) {
      this.#maps = view.maps;
      out.push({ kind: "series_score", maps: view.maps });
    }
    if (!view.ended) {
      this.#ended = false;
    } else if (view.winner === undefined) {
      if (!this.#ended) out.push({ kind: "series_ended" });
      this.#ended = true;
    } else if (says.has("series") && view.winner !== this.#winner) {
      this.#winner = view.winner;
      out.push({ kind: "series_won", winner: view.winner, ...(view.forfeit ? { forfeit: true } : {}) });
    }
    return out;
  }

  #game(now: View["games"][0], view: View, rounds: boolean, out: MatchClaim[]): void {
    const { says, retracts } = this.#voice.profile;
    const { game } = now;
    let told = this.#games.get(game);
    if (told !== undefined && told.ref !== now.ref) {
      if (retracts) out.push({ kind: "retracted", game, reason: "remake" });
      this.#games.delete(game);
      if (told.winner !== undefined) this.#winner = undefined;
      told = undefined;
    }
    const less = told !== undefined && (now.score[0] < told.score[0] || now.score[1] < told.score[1]);
    const fell = less || (told !== undefined && now.clockMs < told.clockMs);
    const unsaid = told?.winner !== undefined && now.winner === undefined;
    const corrected = told?.winner !== undefined && now.winner !== undefined && now.winner !== told.winner;
    if (told !== undefined && (unsaid || corrected || fell)) {
      // Who states results takes them back in words; a fallen score is taken back by those who take back at all.
      if ((unsaid && says.has("games")) || (retracts && (fell || corrected))) {
        const reason = corrected ? "correction" : "rollback";
        out.push({ kind: "retracted", game, reason });
        this.#games.delete(game);
        told = undefined;
      } else {
        told.winner = undefined;
      }
      this.#winner = undefined;
    }
    if (told === undefined) {
      const given = now.forfeit && !now.started;
      if (given ? !says.has("given") : !now.started) return;
      told = { ref: now.ref, score: [0, 0], clockMs: 0, paused: false, winner: undefined };
      this.#games.set(game, told);
      if (!given && says.has("progress")) out.push({ kind: "game_started", game, ref: String(now.ref) });
    }
    if (says.has("progress") && now.started) {
      if (told.paused !== now.paused) {
        told.paused = now.paused;
        out.push({ kind: now.paused ? "game_paused" : "game_resumed", game });
      }
      const same = now.score[0] === told.score[0] && now.score[1] === told.score[1];
      if (!same || now.clockMs !== told.clockMs) {
        told.score = now.score;
        told.clockMs = now.clockMs;
        const { score, clockMs } = now;
        out.push({ kind: "game_progress", game, progress: rounds ? { score } : { score, clockMs } });
      }
    }
    if (now.winner !== undefined && now.winner !== told.winner) {
      told.winner = now.winner;
      const forfeit = now.forfeit ? { forfeit: true } : {};
      if (says.has("games")) out.push({ kind: "game_won", game, winner: now.winner, ...forfeit });
    }
    if (view.ended) told.paused = now.paused;
  }
}

/** Shares of messages that something happens to. */
const DUPLICATES = 0.01;
const SWAPS = 0.01;
const LOST = 0.01;

/** Everything that a source says of a match, as it arrives. */
export function tell(
  rng: Prng,
  voice: Voice,
  moments: readonly Moment[],
  mistakes: readonly Mistake[],
  { bestOf, rounds }: { readonly bestOf: number; readonly rounds: boolean },
): Message[] {
  const { profile, lagMs, outage } = voice;
  const own = mistakes.filter((each) => each.upstream === profile.upstream);
  const memory = new Memory(voice);
  const out: Message[] = [];
  const looks = new Set(moments.map(({ at }) => at));
  for (const { from, until } of own) for (const at of [from, until]) if (at !== Infinity) looks.add(at);
  if (outage !== undefined) looks.add(outage.to);
  // Who was not told something hears of it when it asks again.
  looks.add(moments.at(-1)!.at + 180_000);
  let sequence = 0;
  let clear = -Infinity;
  for (const at of [...looks].sort((a, b) => a - b)) {
    const moment = moments.findLast((each) => each.at <= at);
    if (moment === undefined || (outage !== undefined && at >= outage.from && at < outage.to)) continue;
    if (!profile.numbered && rng.chance(LOST) && at < moments.at(-1)!.at) continue;
    const view = own.reduce((seen, mistake) => mistaken(seen, mistake, at, bestOf), moment.view);
    // A source does not overtake itself, except for what is swapped on the way.
    clear = Math.max(clear, at + lagMs * rng.between(0.8, 1.25));
    for (const claim of memory.look(view, rounds)) {
      clear += 1;
      sequence += 1;
      const ref = profile.numbered ? { ref: String(sequence) } : {};
      const lost = profile.numbered && rng.chance(LOST);
      // What is lost of numbered messages is asked for again, and what follows waits for it.
      if (lost) clear += rng.between(3_000, 20_000);
      const arrives = clear + (!profile.numbered && rng.chance(SWAPS) ? rng.between(0, 2_000) : 0);
      out.push({ at: arrives, voice, claim, ...ref, ...(lost ? { replayed: true } : {}) });
      if (rng.chance(DUPLICATES)) out.push({ at: arrives + rng.between(0, 3_000), voice, claim, ...ref });
    }
  }
  if (outage?.told === true) {
    out.push({ at: outage.from, voice, health: "down" }, { at: outage.to, voice, health: "live" });
  }
  return out;
}
