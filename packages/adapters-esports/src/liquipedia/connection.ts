import type { Clock, HttpResponse, Millis, Transport } from "@matchpoint/sdk";
import { Backoff, type AttemptBudget } from "../common/attempts.ts";
import type { FeedRun } from "../common/feedRun.ts";
import type { MatchConnection } from "../common/matchFeed.ts";
import { redactedMessage } from "../common/redact.ts";
import { requestWithin } from "../common/requestWithin.ts";
import type { FollowedMatch } from "../common/teams.ts";
import { Agenda, type AgendaOptions } from "./agenda.ts";
import type { LiquipediaDecoder } from "./decoderApi.ts";
import { isMatch2id, matchQuery, MAX_IDS, wikiOf } from "./query.ts";

/** What a connection needs. */
export interface LiquipediaConnectionOptions extends AgendaOptions {
  readonly matches: readonly FollowedMatch[];
  readonly decoder: LiquipediaDecoder;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly run: FeedRun;
  /** What the key allows, shared by all that use it. */
  readonly budget: AttemptBudget;
  /** What keeps two questions apart; shared in the same way. */
  readonly spacing: AttemptBudget;
  readonly apiKey: () => Promise<{ reveal(): string }>;
  readonly httpUrl: string;
  readonly userAgent: string;
  readonly timeoutMs: number;
}

interface Entry {
  readonly one: FollowedMatch;
  readonly wiki: string;
  readonly agenda: Agenda;
}

const MAX_FAILURES = 3;
const RATE_LIMITED_MS = 600_000;
const RATE_LIMITED_MOST_MS = 3_600_000;
/** What a server may demand at least by `Retry-After`. */
const LEAST_MS = 2_000;

/** All matches: reads those of one wiki with one question, and never more often than the key allows. */
export class LiquipediaConnection implements MatchConnection {
  readonly #o: LiquipediaConnectionOptions;
  #entries: Entry[] = [];
  readonly #abort = new AbortController();
  readonly #backoff = new Backoff(60_000, RATE_LIMITED_MOST_MS);
  readonly #limited = new Backoff(RATE_LIMITED_MS, RATE_LIMITED_MOST_MS);
  #wake: (() => void) | undefined;
  #failures = 0;

  constructor(options: LiquipediaConnectionOptions) {
    this.#o = options;
  }

  start(): void {
    const { matches, run, clock } = this.#o;
    for (const one of matches) {
      const { match, ref } = one;
      const wiki = wikiOf(match.title);
      if (wiki === undefined) run.done(match.matchId, `Liquipedia has no wiki for ${match.title}`);
      else if (!isMatch2id(ref)) {
        run.done(match.matchId, `${JSON.stringify(ref.slice(0, 80))} is no match2id: check the match's refs`);
      } else {
        run.health(match.matchId, "connecting", `asking for match ${ref}`);
        this.#entries.push({ one, wiki, agenda: new Agenda(match, this.#o, clock.wall()) });
      }
    }
    void this.#work();
  }

  /** Lets go of everything; says nothing more. */
  stop(): void {
    this.#entries = [];
    this.#abort.abort();
    this.#wake?.();
  }

  async #work(): Promise<void> {
    const { clock, budget, spacing } = this.#o;
    while (this.#entries.length > 0) {
      const first = this.#next();
      const waitMs = (first.agenda.dueAt ?? 0) - clock.wall();
      if (waitMs > 0) {
        await this.#sleep(waitMs);
        continue; // something else may be due by now
      }
      await this.#sleep(spacing.book(budget.book()));
      if (this.#entries.length === 0) return;
      await this.#ask(this.#batch(first));
    }
  }

  #sleep(ms: number): Promise<void> {
    if (ms <= 0 || this.#abort.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#o.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #next(): Entry {
    return this.#entries.reduce((a, b) => ((b.agenda.dueAt ?? 0) < (a.agenda.dueAt ?? 0) ? b : a));
  }

  /** What is due with it soon, of the same wiki: one question costs the same for all of them. */
  #batch(first: Entry): Entry[] {
    const soon = this.#o.clock.wall() + this.#o.pollMs / 2;
    const batch = this.#entries.filter(
      (entry) => entry !== first && entry.wiki === first.wiki && (entry.agenda.dueAt ?? 0) <= soon,
    );
    return [first, ...batch.slice(0, MAX_IDS - 1)];
  }

  async #ask(batch: readonly Entry[]): Promise<void> {
    const { transport, clock, apiKey, httpUrl, userAgent, timeoutMs } = this.#o;
    let key = "";
    try {
      key = (await apiKey()).reveal();
      const ids = batch.map(({ one }) => one.ref);
      const answer = await requestWithin(transport, clock, timeoutMs, {
        url: `${httpUrl}${matchQuery(batch[0]!.wiki, ids)}`,
        headers: {
          accept: "application/json",
          "accept-encoding": "gzip",
          authorization: `Apikey ${key}`,
          "user-agent": userAgent,
        },
        signal: this.#abort.signal,
      });
      if (!this.#abort.signal.aborted) this.#answered(answer, batch);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#failed(batch, redactedMessage(error, key), this.#backoff.next());
    }
  }

  #answered(answer: HttpResponse, batch: readonly Entry[]): void {
    switch (answer.status) {
      case 200:
        this.#read(answer.body, batch);
        return;
      case 401:
      case 403:
        this.#refused(`Liquipedia refused the key with HTTP ${answer.status}`);
        return;
      case 429: {
        const seconds = Number(answer.headers["retry-after"]);
        const least = this.#limited.next();
        const waitMs = seconds > 0 && seconds <= 86_400 ? Math.max(seconds * 1000, LEAST_MS) : least;
        // The key is used up for every wiki, and for every other feed that uses it.
        this.#o.budget.rest(waitMs);
        this.#failed(this.#entries, "too many requests this hour", waitMs);
        return;
      }
      default:
        this.#failed(batch, `HTTP ${answer.status}`, this.#backoff.next());
    }
  }

  #read(body: Uint8Array, batch: readonly Entry[]): void {
    const { decoder, run, clock } = this.#o;
    const stamp = run.stamp();
    decoder.decode(body, 0, body.length, stamp, run.emit);
    const states = batch.map((entry) => ({ entry, status: decoder.status(entry.one.match.matchId) }));
    if (states.some(({ status }) => status?.askedAt !== stamp.at)) {
      this.#failed(batch, "the answer could not be read", this.#backoff.next());
      return;
    }
    this.#failures = 0;
    this.#backoff.reset();
    this.#limited.reset();
    for (const { entry, status } of states) {
      const { match, ref } = entry.one;
      if (status === undefined) continue;
      if (status.foundAt === stamp.at) run.health(match.matchId, "live", "the record was read");
      else if (status.foundAt === undefined) {
        run.health(match.matchId, "stale", `there is no record ${ref} that can be read`);
      } else run.health(match.matchId, "invalid", `the record ${ref} is gone`);
      entry.agenda.read(clock.wall(), status);
      if (entry.agenda.dueAt === undefined) this.#done(entry);
    }
  }

  #done(entry: Entry): void {
    this.#entries = this.#entries.filter((each) => each !== entry);
    this.#o.run.done(entry.one.match.matchId);
  }

  #failed(entries: readonly Entry[], reason: string, afterMs: number): void {
    const { run, clock } = this.#o;
    this.#failures += 1;
    const now: Millis = clock.wall();
    for (const { agenda, one } of entries) {
      agenda.retry(now, afterMs);
      if (this.#failures >= MAX_FAILURES) {
        run.health(one.match.matchId, "down", `${this.#failures} questions failed: ${reason}`);
      }
    }
  }

  #refused(reason: string): void {
    const entries = this.#entries;
    this.#entries = [];
    for (const { one } of entries) this.#o.run.done(one.match.matchId, reason);
  }
}
