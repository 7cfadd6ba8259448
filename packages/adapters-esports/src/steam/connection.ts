import { NANOS_PER_MS, type CancelTimer, type Clock, type MatchId, type Transport } from "@matchpoint/sdk";
import type { FeedRun } from "../common/feedRun.ts";
import type { MatchConnection } from "../common/matchFeed.ts";
import { Politeness, type Refusal } from "../common/politeness.ts";
import { redactedMessage } from "../common/redact.ts";
import { requestWithin } from "../common/requestWithin.ts";
import type { FollowedMatch } from "../common/teams.ts";
import { createSteamDecoder } from "./decoder.ts";
import type { SteamDecoder, SteamDecoderOptions, SteamStatus } from "./decoderApi.ts";
import { leagueTargets } from "./leagueTargets.ts";
import { ResultAsker } from "./results.ts";

/** What a connection needs. */
export interface SteamConnectionOptions {
  readonly matches: readonly FollowedMatch[];
  readonly decoding: Omit<SteamDecoderOptions, "matches"> & { readonly source: string };
  readonly transport: Transport;
  readonly clock: Clock;
  readonly run: FeedRun;
  readonly apiKey: () => Promise<{ reveal(): string }>;
  readonly httpUrl: string;
  readonly resultsUrl: string | false;
  readonly pollMs: number;
  readonly staleMs: number;
  readonly timeoutMs: number;
  readonly correctionWatchMs: number;
}

/** Failed polls in a row after which the source is down. */
const MAX_FAILURES = 3;

/** One poll for all matches; and OpenDota, for games that have left the list. */
export class SteamConnection implements MatchConnection {
  readonly #o: SteamConnectionOptions;
  readonly #decoder: SteamDecoder;
  readonly #politeness: Politeness;
  readonly #results: ResultAsker | undefined;
  readonly #abort = new AbortController();
  /** Followed matches, and the timer that ends them once they are decided. */
  readonly #open = new Map<MatchId, CancelTimer | undefined>();
  #cancelPoll: CancelTimer | undefined;
  #failures = 0;

  constructor(options: SteamConnectionOptions) {
    this.#o = options;
    const { decoding, transport, clock, resultsUrl, pollMs } = options;
    const all = options.matches.map(({ match }) => match);
    const { targets } = leagueTargets(all, decoding.source);
    const matches = targets.map(({ followed }) => followed.match);
    for (const { matchId } of matches) this.#open.set(matchId, undefined);
    this.#decoder = createSteamDecoder({ ...decoding, matches });
    this.#politeness = new Politeness("Steam", pollMs);
    if (resultsUrl !== false) {
      this.#results = new ResultAsker({
        transport,
        clock,
        url: resultsUrl,
        timeoutMs: options.timeoutMs,
        signal: this.#abort.signal,
        wanted: (ref) =>
          [...this.#open.keys()].some((matchId) => this.#status(matchId)?.unresolved.includes(ref)),
        answer: (body) => {
          this.#read(body);
          this.#look();
        },
      });
    }
  }

  start(): void {
    const { run, decoding, matches } = this.#o;
    const all = matches.map(({ match }) => match);
    for (const { match, problem } of leagueTargets(all, decoding.source).refused)
      run.done(match.matchId, problem);
    for (const matchId of this.#open.keys())
      run.health(matchId, "connecting", "asking for the live league games");
    if (this.#open.size > 0) void this.#poll();
  }

  /** Lets go of everything; says nothing more. */
  stop(): void {
    this.#abort.abort();
    this.#cancelPoll?.();
    this.#results?.stop();
    for (const cancel of this.#open.values()) cancel?.();
    this.#open.clear();
  }

  #stopped(): boolean {
    return this.#abort.signal.aborted;
  }

  #status(matchId: MatchId): SteamStatus | undefined {
    return this.#decoder.status(matchId);
  }

  async #poll(): Promise<void> {
    const { transport, httpUrl, pollMs, timeoutMs, clock, apiKey } = this.#o;
    let key = "";
    let next = pollMs;
    try {
      key = (await apiKey()).reveal();
      const answer = await requestWithin(transport, clock, timeoutMs, {
        url: `${httpUrl}/IDOTA2Match_570/GetLiveLeagueGames/v1/?key=${encodeURIComponent(key)}`,
        headers: { accept: "application/json" },
        signal: this.#abort.signal,
      });
      if (this.#stopped()) return;
      if (answer.status !== 200) next = this.#failed(this.#politeness.refused(answer));
      else if (!this.#read(answer.body))
        next = this.#failed(this.#politeness.failed("the answer could not be read"));
      else {
        this.#failures = 0;
        this.#politeness.succeeded();
      }
    } catch (error) {
      if (this.#stopped()) return;
      next = this.#failed(this.#politeness.failed(redactedMessage(error, key)));
    }
    this.#look();
    if (!this.#stopped()) this.#cancelPoll = clock.after(next, () => void this.#poll());
  }

  /** Returns whether the frame could be read, at least in part. */
  #read(body: Uint8Array): boolean {
    const { run } = this.#o;
    const { polls, results } = this.#decoder.stats;
    this.#decoder.decode(body, 0, body.length, run.stamp(), run.emit);
    return this.#decoder.stats.polls > polls || this.#decoder.stats.results > results;
  }

  /** Returns when to ask again. */
  #failed({ waitMs, reason, fatal }: Refusal): number {
    this.#failures += 1;
    for (const matchId of [...this.#open.keys()]) {
      if (fatal) this.#finish(matchId, reason);
      // A server that sends us away will not answer for long: there is no use in waiting to say so.
      else if (this.#failures >= MAX_FAILURES || waitMs > 2 * this.#o.staleMs) {
        this.#o.run.health(matchId, "down", `${this.#failures} polls failed: ${reason}`);
      }
    }
    return waitMs;
  }

  /** Says how each match is, asks for what is missing, and lets go of those that are over. */
  #look(): void {
    const { run, clock, staleMs, correctionWatchMs } = this.#o;
    for (const [matchId, ending] of [...this.#open]) {
      const status = this.#status(matchId);
      if (status?.polledAt === undefined) continue;
      for (const ref of status.unresolved) this.#results?.ask(ref);
      if (status.decided) {
        if (ending === undefined)
          this.#open.set(
            matchId,
            clock.after(correctionWatchMs, () => this.#finish(matchId)),
          );
      } else if (ending !== undefined) {
        ending();
        this.#open.set(matchId, undefined);
      }
      if (this.#failures > 0) continue; // said where it happened
      const still = status.movedAt === undefined ? 0 : (clock.monotonic() - status.movedAt) / NANOS_PER_MS;
      const [gone] = status.unresolved;
      if (gone !== undefined)
        run.health(matchId, "stale", `game ${gone} has left the list, and who won it is not known`);
      else if (status.running !== undefined && still >= staleMs)
        run.health(
          matchId,
          "stale",
          `the clock of game ${status.running} stands still for ${Math.round(still / 1000)} s`,
        );
      else run.health(matchId, "live", "answers are current");
    }
  }

  #finish(matchId: MatchId, problem?: string): void {
    const ending = this.#open.get(matchId);
    if (!this.#open.delete(matchId)) return;
    ending?.();
    if (this.#open.size === 0) this.stop();
    this.#o.run.done(matchId, problem);
  }
}
