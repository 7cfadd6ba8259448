import type { Team } from "@matchpoint/sdk";
import type { Cast } from "../description.ts";
import type { ResolvedOptions, SourceTuning } from "../options.ts";
import { Prng } from "../prng.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Fact } from "../world/facts.ts";
import { MatchView } from "../world/matchView.ts";
import { GridEvents } from "./gridEvents.ts";
import { entity, inverted, seriesState, type GridEvent, type GridIds, type Json } from "./gridJson.ts";
import type { Link } from "./link.ts";

const SAMPLE_EVERY_MS = 15_000;
const INVERSES_PER_TRANSACTION = 8;

interface Logged {
  readonly id: string;
  readonly event: GridEvent;
}

/**
 * A source of the shape of GRID's Series Events: one transaction per frame, densely numbered, with signed deltas, periodic
 * full states, and the inverse events of a rollback. It sees what happens as it happens.
 */
export class GridSource {
  readonly #options: ResolvedOptions;
  readonly #cast: Cast;
  readonly #tuning: Required<SourceTuning>;
  readonly #scheduler: Scheduler;
  readonly #link: Link;
  readonly #rng: Prng;
  readonly #ids: GridIds;
  readonly #events: GridEvents;
  readonly #facts: Fact[] = [];
  /** Events of the current game, for taking them back. */
  #log: Logged[] = [];
  #view: MatchView;
  #valid = true;
  /** While it is being corrected, facts wait here. */
  #waiting: Fact[] | undefined;
  #sequence = 0;
  #sampling = false;

  constructor(
    options: ResolvedOptions,
    tuning: Required<SourceTuning>,
    cast: Cast,
    scheduler: Scheduler,
    link: Link,
  ) {
    this.#options = options;
    this.#tuning = tuning;
    this.#cast = cast;
    this.#scheduler = scheduler;
    this.#link = link;
    this.#rng = new Prng(options.seed, "grid");
    this.#ids = {
      cast,
      title: options.title,
      games: new Map(),
      iso: (at) => new Date(options.startsAt + at).toISOString(),
    };
    this.#events = new GridEvents(this.#ids);
    this.#view = new MatchView(options.bestOf);
  }

  /** The feed is opened some time before the match. */
  start(): void {
    const feed = this.#rng.uuid();
    const started: GridEvent = {
      actor: entity("grid", "GRID", {}),
      action: "started",
      target: entity("feed", feed, {
        seriesId: this.#cast.gridSeries,
        supportedEventTypes: ["grid-started-feed", "grid-ended-feed"],
      }),
    };
    this.#transact([started], this.#scheduler.now);
  }

  /** Takes a fact the moment that it happens. */
  take(fact: Fact): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push(fact);
      return;
    }
    this.#tell(fact, false);
    if (fact.kind === "series_ended") this.#end();
    if (fact.kind === "game_started" && !this.#sampling) {
      this.#sampling = true;
      this.#sample();
    }
  }

  /** Invalidates, takes the whole running game back, and tells it again under a new id. */
  rollBack(): void {
    if (!this.#view.inGame || this.#waiting !== undefined) return;
    const game = this.#view.game;
    this.#invalidate();
    this.#scheduler.after(this.#rng.int(200, 1_500), () => {
      this.#takeBack(this.#log);
      this.#scheduler.after(this.#rng.int(2_000, 9_000), () => {
        this.#validate();
        this.#retell(game);
        this.#release();
      });
    });
  }

  /** Says that the running game is won by `winner`, and takes that back after `forMs`. */
  claimWin(winner: Team, forMs: number): void {
    if (!this.#view.inGame || this.#waiting !== undefined) return;
    const { game } = this.#view;
    this.#waiting = [];
    const from = this.#log.length;
    const now = this.#scheduler.now;
    this.#transact([this.#events.gameWon(game, winner)], now, true);
    this.#transact([this.#events.gameEnded(game)], now, true);
    this.#scheduler.after(forMs, () => {
      this.#invalidate();
      this.#takeBack(this.#log.splice(from));
      this.#scheduler.after(this.#rng.int(500, 4_000), () => {
        this.#validate();
        this.#release();
      });
    });
  }

  /** The team in front, as this source sees it. */
  leader(): Team {
    const { gold, score } = this.#view;
    const lead = this.#options.title === "lol" ? gold[0] - gold[1] : score[0] - score[1];
    return lead >= 0 ? 0 : 1;
  }

  #tell(fact: Fact, again: boolean): void {
    if (fact.kind === "game_started") {
      this.#ids.games.set(fact.game, this.#rng.uuid());
      this.#log = [];
    }
    if (!again) this.#facts.push(fact);
    this.#view.apply(fact);
    for (const events of this.#events.of(fact, this.#view)) this.#transact(events, fact.at, true);
  }

  #invalidate(): void {
    this.#waiting ??= [];
    this.#valid = false;
    this.#validity("invalidated");
  }

  #validate(): void {
    this.#valid = true;
    this.#validity("validated");
  }

  #validity(action: "invalidated" | "validated"): void {
    const delta = { valid: this.#valid };
    const event: GridEvent = {
      actor: entity("grid", "GRID", {}),
      action,
      target: entity("series", this.#cast.gridSeries, delta),
      seriesStateDelta: { id: this.#cast.gridSeries, ...delta },
    };
    this.#transact([event], this.#scheduler.now);
  }

  /** Sends the inverse of events, the last first. */
  #takeBack(log: readonly Logged[]): void {
    const now = this.#scheduler.now;
    for (let end = log.length; end > 0; end -= INVERSES_PER_TRANSACTION) {
      const part = log.slice(Math.max(0, end - INVERSES_PER_TRANSACTION), end).reverse();
      this.#write(
        part.map(({ id, event }) => this.#event(inverse(event), id)),
        now,
      );
    }
  }

  /** Tells the running game again from its beginning. */
  #retell(game: number): void {
    const view = new MatchView(this.#options.bestOf);
    let from = this.#facts.length - 1;
    while (from > 0 && this.#facts[from]!.kind !== "game_started") from -= 1;
    for (const fact of this.#facts.slice(0, from)) view.apply(fact);
    this.#view = view;
    this.#ids.games.delete(game);
    for (const fact of this.#facts.slice(from)) this.#tell(fact, true);
  }

  #release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const fact of waiting) this.take(fact);
  }

  /** A full state every quarter of a minute while a game runs. */
  #sample(): void {
    if (!this.#view.inGame && this.#waiting === undefined) {
      this.#sampling = false;
      return;
    }
    if (this.#waiting === undefined) {
      const now = this.#scheduler.now;
      const series = this.#cast.gridSeries;
      const event: GridEvent = {
        actor: entity("grid", "GRID", {}),
        action: "sampled",
        target: entity("series", series, {}),
        seriesStateDelta: { id: series },
        seriesState: seriesState(this.#ids, this.#view, this.#valid, this.#ids.iso(now)),
      };
      this.#transact([event], now);
    }
    this.#scheduler.after(SAMPLE_EVERY_MS, () => {
      this.#sample();
    });
  }

  #end(): void {
    this.#scheduler.after(this.#rng.int(3_000, 20_000), () => {
      const event: GridEvent = {
        actor: entity("grid", "GRID", {}),
        action: "ended",
        target: entity("feed", this.#cast.gridSeries, { seriesId: this.#cast.gridSeries }),
      };
      this.#transact([event], this.#scheduler.now);
    });
  }

  #transact(events: readonly GridEvent[], occurredAt: number, revertible = false): void {
    const written = events.map((event) => {
      const json = this.#event(event);
      if (revertible) this.#log.push({ id: json.id as string, event });
      return json;
    });
    this.#write(written, occurredAt);
  }

  #event(event: GridEvent, revertedEventId?: string): Json {
    const { actor, action, target, seriesStateDelta, seriesState: state } = event;
    return {
      id: this.#rng.uuid(),
      type: `${actor.type as string}-${action}-${target.type as string}`,
      action,
      includesFullState: state !== undefined,
      ...(revertedEventId === undefined ? {} : { revertedEventId }),
      actor,
      target,
      ...(seriesStateDelta === undefined ? {} : { seriesStateDelta }),
      ...(state === undefined ? {} : { seriesState: state }),
    };
  }

  #write(events: readonly Json[], occurredAt: number): void {
    const rng = this.#rng;
    const now = this.#scheduler.now;
    this.#sequence += 1;
    const transaction = {
      id: rng.uuid(),
      correlationId: rng.uuid(),
      occurredAt: this.#ids.iso(occurredAt),
      publishedAt: this.#ids.iso(now + rng.int(40, 160)),
      seriesId: this.#cast.gridSeries,
      sequenceNumber: this.#sequence,
      sessionSequenceNumber: this.#sequence,
      events,
    };
    const { min, typical, max } = this.#tuning.lagMs;
    const lag = Math.min(max, min + rng.exponential(typical - min));
    this.#link.send(now, lag, JSON.stringify(transaction));
  }
}

function inverse(event: GridEvent): GridEvent {
  const { actor, action, target, seriesStateDelta } = event;
  return {
    actor: withoutState(actor),
    action: `!${action}`,
    target: withoutState(target),
    ...(seriesStateDelta === undefined ? {} : { seriesStateDelta: inverted(seriesStateDelta) as Json }),
  };
}

/** Only what changes: a state that would be absolute does not invert. */
function withoutState(part: Json): Json {
  return { type: part.type, id: part.id, stateDelta: inverted(part.stateDelta) };
}
