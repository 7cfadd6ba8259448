import type { Clock, Millis } from "@matchpoint/sdk";
import { isoTime } from "../sourceProtocol.ts";
import type { GridSeriesState } from "./gridSeriesState.ts";
import { signedDelta, snapshotOf, type Json } from "./signedDelta.ts";
import type { GridDeed, GridEntity, GridWorld } from "./gridWorld.ts";

/** One event of a transaction; the state is sent to those who asked for it. */
export interface GridEvent {
  readonly body: Json;
  readonly seriesState: GridSeriesState;
}

/** One transaction: what is sent as one frame. */
export interface GridTransaction {
  readonly envelope: Json;
  readonly sequenceNumber: number;
  readonly events: readonly GridEvent[];
}

interface Reversible {
  readonly eventId: string;
  readonly deed: GridDeed;
  readonly before: GridSeriesState;
}

const INVERSES_PER_TRANSACTION = 3;

/** Everything that GRID has said of a series, densely numbered, and how to take it back. */
export class GridLog {
  readonly transactions: GridTransaction[] = [];
  readonly #world: GridWorld;
  readonly #clock: Clock;
  readonly #publish: (transaction: GridTransaction) => void;
  #reversible: Reversible[] = [];
  /** The state after what was told last; never changed. */
  #told: GridSeriesState;
  #correlation = "";
  #occurredAt = 0 as Millis;

  constructor(world: GridWorld, clock: Clock, publish: (transaction: GridTransaction) => void) {
    this.#world = world;
    this.#told = snapshotOf(world.state);
    this.#clock = clock;
    this.#publish = publish;
  }

  /** What is told from now on belongs together and happened at `at`. */
  about(at: Millis): void {
    this.#correlation = this.#world.uuid();
    this.#occurredAt = at;
  }

  get occurredAt(): string {
    return isoTime(this.#occurredAt);
  }

  /** Tells deeds as one transaction. */
  tell(deeds: readonly GridDeed[]): void {
    this.#send(deeds.map((deed) => this.#do(deed, undefined)));
  }

  /** Tells that something was not so after all; `reverts` finds the event among those told. */
  takeBackOne(deed: GridDeed, reverts: (told: GridDeed) => boolean): void {
    const told = this.#reversible.findLast((each) => reverts(each.deed));
    this.#send([this.#do(deed, told?.eventId ?? this.#world.uuid())]);
  }

  /** What was told so far stays told: it is no longer known how to take it back. */
  seal(): void {
    this.#reversible = [];
  }

  /** Takes back what was told last, by inverse events, until `done`. Returns false when there is nothing left to take back. */
  takeBackUntil(done: (state: GridSeriesState) => boolean): boolean {
    let events: GridEvent[] = [];
    while (!done(this.#world.state)) {
      const last = this.#reversible.pop();
      if (last === undefined) break;
      const { actor, action, target } = last.deed;
      const change = (state: GridSeriesState): void => {
        Object.assign(state, snapshotOf(last.before), { valid: state.valid });
      };
      events.push(this.#do({ actor, action: `!${action}`, target, change }, last.eventId));
      if (events.length === INVERSES_PER_TRANSACTION) {
        this.#send(events);
        events = [];
      }
    }
    if (events.length > 0) this.#send(events);
    return done(this.#world.state);
  }

  #do(deed: GridDeed, revertedEventId: string | undefined): GridEvent {
    const world = this.#world;
    const before = this.#told;
    deed.change?.(world.state);
    this.#stampClocks(before);
    const after = snapshotOf(world.state, before);
    this.#told = after;
    const eventId = world.uuid();
    const delta = deed.delta?.(after) ?? (signedDelta(before, after) as Json | undefined);
    const { actor, action, target } = deed;
    const inverse = action.startsWith("!");
    if (delta !== undefined && actor[0] !== "grid" && !inverse) {
      this.#reversible.push({ eventId, deed, before });
    }
    const body: Json = {
      id: eventId,
      type: `${actor[0]}-${action}-${target[0]}`,
      action,
      actor: this.#entity(actor, before, after),
      target: this.#entity(target, before, after),
      ...(revertedEventId === undefined ? {} : { revertedEventId }),
      seriesStateDelta: { id: world.seriesId, ...delta },
    };
    return { body, seriesState: after };
  }

  #stampClocks(before: GridSeriesState): void {
    for (const game of this.#world.state.games) {
      const known = before.games.find(({ id }) => id === game.id)?.clock;
      if (known === undefined || known.updatedAt !== game.clock.updatedAt) continue;
      if (known.currentSeconds === game.clock.currentSeconds && known.ticking === game.clock.ticking)
        continue;
      game.clock.updatedAt = this.occurredAt;
    }
  }

  #send(events: readonly GridEvent[]): void {
    const world = this.#world;
    const sequenceNumber = this.transactions.length + 1;
    const envelope: Json = {
      id: world.uuid(),
      correlationId: this.#correlation,
      occurredAt: this.occurredAt,
      publishedAt: isoTime(this.#clock.wall()),
      seriesId: world.seriesId,
      sequenceNumber,
      sessionSequenceNumber: sequenceNumber,
    };
    const transaction = { envelope, sequenceNumber, events };
    this.transactions.push(transaction);
    this.#publish(transaction);
  }

  /** An actor or target with its own state and what has changed of it. */
  #entity([type, id]: GridEntity, before: GridSeriesState, after: GridSeriesState): Json {
    const now = this.#find(type, id, after);
    const change = signedDelta(this.#find(type, id, before), now) as Json | undefined;
    return { type, id, stateDelta: { id, ...change }, state: { id, ...now } };
  }

  #find(type: string, id: string, state: GridSeriesState): Json | undefined {
    const game = state.games.at(-1);
    switch (type) {
      case "series":
        return { ...state };
      case "game": {
        const known = state.games.find((each) => each.id === id);
        return known === undefined ? undefined : { ...known };
      }
      case "round": {
        const known = game?.segments.find((each) => each.id === id);
        return known === undefined ? undefined : { ...known };
      }
      case "clock":
      case "gameClock":
        return game === undefined ? undefined : { ...game.clock };
      case "team": {
        const whole = state.teams.find((each) => each.id === id);
        return { name: whole?.name, series: whole, game: game?.teams.find((each) => each.id === id) };
      }
      case "player": {
        const team = game?.teams.find(({ players }) => players.some((each) => each.id === id));
        return { teamId: team?.id, side: team?.side, game: team?.players.find((each) => each.id === id) };
      }
      default:
        return undefined;
    }
  }
}
