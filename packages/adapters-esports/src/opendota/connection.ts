import type { CancelTimer, Clock, HttpResponse, MatchId, Transport } from "@matchpoint/sdk";
import { AttemptBudget } from "../common/attempts.ts";
import type { FeedRun } from "../common/feedRun.ts";
import type { MatchConnection } from "../common/matchFeed.ts";
import { Politeness, type Refusal } from "../common/politeness.ts";
import { redactedMessage } from "../common/redact.ts";
import { requestWithin } from "../common/requestWithin.ts";
import { sleep } from "../common/sleep.ts";
import type { FollowedMatch } from "../common/teams.ts";
import { leagueTargets } from "../steam/leagueTargets.ts";
import { createOpendotaDecoder } from "./decoder.ts";
import type { OpendotaDecoder, OpendotaDecoderOptions } from "./decoderApi.ts";

/** What a connection needs. */
export interface OpendotaConnectionOptions {
  readonly matches: readonly FollowedMatch[];
  readonly decoding: Omit<OpendotaDecoderOptions, "matches"> & { readonly source: string };
  readonly transport: Transport;
  readonly clock: Clock;
  readonly run: FeedRun;
  readonly apiKey: (() => Promise<{ reveal(): string }>) | undefined;
  readonly httpUrl: string;
  readonly pollMs: number;
  readonly perMinute: number;
  readonly timeoutMs: number;
  readonly correctionWatchMs: number;
}

/** Failed polls in a row after which the source is down. */
const MAX_FAILURES = 3;
/** Pages of a hundred games that one look goes back at most. */
const MAX_PAGES = 20;
/** Games whose winner is asked for one by one after a look, at most. */
const MAX_ASKED = 5;

/** One poll for all matches: the list of professional games, and single games that it does not know the winner of. */
export class OpendotaConnection implements MatchConnection {
  readonly #o: OpendotaConnectionOptions;
  readonly #decoder: OpendotaDecoder;
  readonly #politeness: Politeness;
  readonly #budget: AttemptBudget;
  readonly #abort = new AbortController();
  /** Followed matches, and the timer that ends them once they are decided. */
  readonly #open = new Map<MatchId, { ending: CancelTimer | undefined }>();
  #cancelPoll: CancelTimer | undefined;
  #failures = 0;

  constructor(options: OpendotaConnectionOptions) {
    this.#o = options;
    const all = options.matches.map(({ match }) => match);
    const { targets } = leagueTargets(all, options.decoding.source);
    const matches = targets.map(({ followed }) => followed.match);
    for (const { matchId } of matches) this.#open.set(matchId, { ending: undefined });
    this.#decoder = createOpendotaDecoder({ ...options.decoding, matches });
    this.#politeness = new Politeness("OpenDota", options.pollMs);
    this.#budget = new AttemptBudget(options.clock, options.perMinute, 60_000);
  }

  start(): void {
    const { run, decoding, matches } = this.#o;
    const all = matches.map(({ match }) => match);
    for (const { match, problem } of leagueTargets(all, decoding.source).refused)
      run.done(match.matchId, problem);
    for (const matchId of this.#open.keys())
      run.health(matchId, "connecting", "asking for the games that were played");
    if (this.#open.size > 0) void this.#poll();
  }

  /** Lets go of everything; says nothing more. */
  stop(): void {
    this.#abort.abort();
    this.#cancelPoll?.();
    for (const { ending } of this.#open.values()) ending?.();
    this.#open.clear();
  }

  #stopped(): boolean {
    return this.#abort.signal.aborted;
  }

  async #poll(): Promise<void> {
    let next = this.#o.pollMs;
    let key = "";
    try {
      key = (await this.#o.apiKey?.())?.reveal() ?? "";
      const refusal = await this.#lookBack(key);
      if (this.#stopped()) return;
      if (refusal !== undefined) next = this.#failed(refusal);
      else {
        this.#failures = 0;
        this.#politeness.succeeded();
        await this.#askForWinners(key);
      }
    } catch (error) {
      if (this.#stopped()) return;
      next = this.#failed(this.#politeness.failed(redactedMessage(error, key)));
    }
    if (this.#stopped()) return;
    this.#look();
    if (!this.#stopped()) this.#cancelPoll = this.#o.clock.after(next, () => void this.#poll());
  }

  /** Reads the list, and as many pages before it as it takes until the lists cover all matches. */
  async #lookBack(key: string): Promise<Refusal | undefined> {
    let less = "";
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = await this.#request("/proMatches", less, key);
      if (this.#stopped()) return undefined;
      if (answer.status !== 200) return this.#politeness.refused(answer);
      const { lists } = this.#decoder.stats;
      this.#read(answer);
      if (this.#decoder.stats.lists === lists) return this.#politeness.failed("the answer could not be read");
      const { oldest } = this.#decoder;
      if (oldest === undefined || oldest === less || this.#uncovered() === undefined) return undefined;
      less = oldest;
    }
    return undefined;
  }

  /** A match whose beginning the lists do not reach back to. */
  #uncovered(): MatchId | undefined {
    return [...this.#open.keys()].find((matchId) => this.#decoder.status(matchId)?.covered !== true);
  }

  async #askForWinners(key: string): Promise<void> {
    const refs = [...this.#open.keys()].flatMap((matchId) => this.#decoder.status(matchId)?.unresolved ?? []);
    for (const ref of refs.slice(0, MAX_ASKED)) {
      const answer = await this.#request(`/matches/${encodeURIComponent(ref)}`, "", key);
      if (this.#stopped() || answer.status !== 200) return;
      this.#read(answer);
    }
  }

  async #request(path: string, less: string, key: string): Promise<HttpResponse> {
    const { transport, clock, httpUrl, timeoutMs } = this.#o;
    await sleep(clock, this.#budget.book(), this.#abort.signal);
    const query = new URLSearchParams();
    if (less !== "") query.set("less_than_match_id", less);
    if (key !== "") query.set("api_key", key);
    const tail = query.size === 0 ? "" : `?${query.toString()}`;
    return requestWithin(transport, clock, timeoutMs, {
      url: `${httpUrl}${path}${tail}`,
      headers: { accept: "application/json" },
      signal: this.#abort.signal,
    });
  }

  #read({ body }: HttpResponse): void {
    const { run } = this.#o;
    this.#decoder.decode(body, 0, body.length, run.stamp(), run.emit);
  }

  /** Returns when to ask again. */
  #failed({ waitMs, reason, fatal }: Refusal): number {
    this.#failures += 1;
    for (const matchId of [...this.#open.keys()]) {
      if (fatal) this.#finish(matchId, reason);
      else if (this.#failures >= MAX_FAILURES || waitMs > 2 * this.#o.pollMs)
        this.#o.run.health(matchId, "down", `${this.#failures} polls failed: ${reason}`);
    }
    return waitMs;
  }

  #look(): void {
    const { run, clock, correctionWatchMs } = this.#o;
    for (const [matchId, state] of [...this.#open]) {
      const status = this.#decoder.status(matchId);
      if (status?.covered === true && status.decided)
        state.ending ??= clock.after(correctionWatchMs, () => this.#finish(matchId));
      else {
        state.ending?.();
        state.ending = undefined;
      }
      if (this.#failures > 0) continue; // said where it happened
      if (status?.covered === true) run.health(matchId, "live", "answers are current");
      else run.health(matchId, "stale", "the list does not reach back to the beginning of the match");
    }
  }

  #finish(matchId: MatchId, problem?: string): void {
    const state = this.#open.get(matchId);
    if (!this.#open.delete(matchId)) return;
    state?.ending?.();
    if (this.#open.size === 0) this.stop();
    this.#o.run.done(matchId, problem);
  }
}
