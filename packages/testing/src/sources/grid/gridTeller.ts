import { MatchpointError, type GameProgress, type Millis, type Team } from "@matchpoint/sdk";
import type { StoryStep } from "../story.ts";
import type { StoryWorld } from "../storyWorld.ts";
import type { GridLog } from "./gridLog.ts";
import { GridProgress } from "./gridProgress.ts";
import type { GridGame, GridSeriesState } from "./gridSeriesState.ts";
import type { GridDeed, GridWorld } from "./gridWorld.ts";

const TEAMS = [0, 1] as const;

/** Says in GRID's words what happens in a story. */
export class GridTeller {
  readonly #world: GridWorld;
  readonly #story: StoryWorld;
  readonly #log: GridLog;
  readonly #progress: GridProgress;
  readonly #remakeBy: "inverse" | "ended";

  constructor(world: GridWorld, story: StoryWorld, log: GridLog, remakeBy: "inverse" | "ended") {
    this.#world = world;
    this.#story = story;
    this.#log = log;
    this.#remakeBy = remakeBy;
    this.#progress = new GridProgress(world, (deeds) => log.tell(deeds));
  }

  /** The first word of a feed. */
  feedStarted(at: Millis): void {
    this.#log.about(at);
    this.#log.tell([{ actor: ["grid", "GRID"], action: "started", target: ["feed", this.#world.uuid()] }]);
  }

  /** A full state, as GRID tells it now and then. */
  sample(at: Millis): void {
    this.#log.about(at);
    this.#log.tell([
      { actor: ["grid", "GRID"], action: "sampled", target: ["series", this.#world.seriesId] },
    ]);
  }

  /** Takes a step that the story's world has taken. A match that is called off has no events: it never starts. */
  tell(step: StoryStep, at: Millis): void {
    this.#log.about(at);
    switch (step.kind) {
      case "series_start":
        this.#log.tell([this.#seriesStarted()]);
        return;
      case "game_start":
        this.#begin(step.game);
        return;
      case "progress":
        this.#progress.move(step.game, step.progress, this.#sideOf(step.game));
        return;
      case "pause":
      case "resume":
        this.#log.tell([this.#paused(step.game, step.kind === "pause")]);
        return;
      case "game_end":
        if (!this.#world.has(step.game)) this.#begin(step.game);
        if (step.winner !== undefined) this.#log.tell([this.#gameWon(step.game, step.winner)]);
        this.#log.tell([this.#gameEnded(step.game)]);
        return;
      case "rollback":
        this.#rollBack(step.game, step.progress);
        return;
      case "remake":
        this.#remake(step.game);
        return;
      case "correction":
        this.#correct(step.game, step.winner);
        return;
      case "series_end":
        if (step.winner !== undefined) this.#log.tell([this.#seriesWon(step.winner)]);
        this.#log.tell([this.#seriesEnded()]);
        this.#log.tell([{ actor: ["grid", "GRID"], action: "ended", target: ["feed", this.#world.uuid()] }]);
        return;
      case "cancel":
        return;
    }
  }

  #sideOf(game: number): Team {
    return this.#story.game(game)?.firstSide ?? 0;
  }

  #seriesStarted(): GridDeed {
    const startedAt = this.#log.occurredAt;
    return {
      actor: ["tournament", this.#world.tournamentId],
      action: "started",
      target: ["series", this.#world.seriesId],
      change: (state) => Object.assign(state, { started: true, startedAt }),
    };
  }

  #begin(game: number): void {
    const world = this.#world;
    const begun = world.begin(game, this.#sideOf(game), this.#log.occurredAt);
    const delta = { id: world.seriesId, games: [{ id: begun.id, started: true }] };
    this.#log.tell([
      {
        actor: ["series", world.seriesId],
        action: "started",
        target: ["game", begun.id],
        change: (state) => void state.games.push(begun),
        delta: () => delta,
      },
    ]);
    this.#log.tell([
      {
        actor: ["game", begun.id],
        action: "started",
        target: [world.title.clock, world.title.clock],
        change: (state) => {
          world.game(game, state).clock.ticking = true;
        },
      },
    ]);
  }

  #paused(game: number, paused: boolean): GridDeed {
    const world = this.#world;
    return {
      actor: ["series", world.seriesId],
      action: paused ? "paused" : "resumed",
      target: ["game", world.game(game).id],
      change: (state) => {
        const known = world.game(game, state);
        known.paused = paused;
        known.clock.ticking = !paused;
      },
    };
  }

  #gameWon(game: number, winner: Team, won = true): GridDeed {
    const world = this.#world;
    return {
      actor: ["team", world.teamIds[winner]],
      action: won ? "won" : "!won",
      target: ["game", world.game(game).id],
      change: (state) => {
        world.gameTeam(world.game(game, state), winner).won = won;
        world.seriesTeam(state, winner).score += won ? 1 : -1;
      },
    };
  }

  #gameEnded(game: number): GridDeed {
    const world = this.#world;
    return {
      actor: ["series", world.seriesId],
      action: "ended",
      target: ["game", world.game(game).id],
      change: (state) => {
        const known = world.game(game, state);
        known.finished = true;
        known.clock.ticking = false;
      },
    };
  }

  #seriesWon(winner: Team, won = true): GridDeed {
    const world = this.#world;
    return {
      actor: ["team", world.teamIds[winner]],
      action: won ? "won" : "!won",
      target: ["series", world.seriesId],
      change: (state) => {
        world.seriesTeam(state, winner).won = won;
      },
    };
  }

  #seriesEnded(finished = true): GridDeed {
    return {
      actor: ["tournament", this.#world.tournamentId],
      action: finished ? "ended" : "!ended",
      target: ["series", this.#world.seriesId],
      change: (state) => {
        state.finished = finished;
      },
    };
  }

  #validity(valid: boolean): void {
    this.#log.tell([
      {
        actor: ["grid", "GRID"],
        action: valid ? "validated" : "invalidated",
        target: ["series", this.#world.seriesId],
        change: (state) => {
          state.valid = valid;
        },
      },
    ]);
  }

  /** Takes back to a state that does not go beyond the one restored, and tells the rest anew. */
  #rollBack(game: number, progress: GameProgress): void {
    const begun = this.#world.game(game).id;
    this.#validity(false);
    const reached = this.#log.takeBackUntil((state) => {
      const known = state.games.find(({ id }) => id === begun);
      return known !== undefined && this.#within(known, progress) && !isOver(state);
    });
    if (!reached) {
      throw new MatchpointError("EVENT_INVALID", `game ${game} cannot be rolled back any more`, {
        where: "the fake GRID",
        hint: "After a correction or a remake only what came later can be taken back.",
      });
    }
    this.#validity(true);
    this.#progress.move(game, progress, this.#sideOf(game));
  }

  #within(game: GridGame, progress: GameProgress): boolean {
    const { title } = this.#world;
    const teams = TEAMS.map((team) => this.#world.gameTeam(game, team));
    const most = (pair: readonly [number, number] | undefined, of: (team: 0 | 1) => number): boolean =>
      pair === undefined || TEAMS.every((team) => of(team) <= pair[team]);
    const taken = (type: string) => (team: 0 | 1) =>
      teams[team]!.objectives.find((each) => each.type === type)?.completionCount ?? 0;
    return (
      !game.finished &&
      teams.every(({ won }) => !won) &&
      most(progress.score, (team) => teams[team]!.score) &&
      most(progress.kills, (team) => teams[team]!.kills) &&
      most(progress.gold, (team) => teams[team]!.netWorth) &&
      most(progress.towers, taken("destroyTower")) &&
      most(progress.dragons, taken("slayInfernalDrake")) &&
      most(progress.barons, taken("slayBaron")) &&
      most(progress.inhibitors, taken("destroyFortifier")) &&
      (!title.rounds || progress.round === undefined || game.segments.length <= progress.round)
    );
  }

  #remake(game: number): void {
    const begun = this.#world.game(game).id;
    if (this.#remakeBy === "ended") {
      this.#log.tell([this.#gameEnded(game)]);
    } else {
      this.#validity(false);
      this.#log.takeBackUntil((state) => state.games.every(({ id }) => id !== begun));
      this.#validity(true);
    }
    this.#begin(game);
  }

  #correct(game: number, winner: Team): void {
    const log = this.#log;
    const wrong = (1 - winner) as Team;
    const { state, seriesId } = this.#world;
    const said = TEAMS.find((team) => this.#world.seriesTeam(state, team).won);
    const is = this.#story.winner;
    this.#validity(false);
    log.takeBackOne(
      this.#gameWon(game, wrong, false),
      ({ action, target }) => action === "won" && target[0] === "game",
    );
    if (said !== undefined && said !== is) {
      log.takeBackOne(
        this.#seriesWon(said, false),
        ({ action, target }) => action === "won" && target[1] === seriesId,
      );
      if (is === undefined) log.takeBackOne(this.#seriesEnded(false), ({ action }) => action === "ended");
    }
    log.seal();
    this.#validity(true);
    log.tell([this.#gameWon(game, winner)]);
    if (is !== undefined && is !== said) log.tell([this.#seriesWon(is)]);
  }
}

function isOver(state: GridSeriesState): boolean {
  return state.finished || state.teams.some(({ won }) => won);
}
