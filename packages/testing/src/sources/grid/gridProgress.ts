import type { GameProgress, Team } from "@matchpoint/sdk";
import { complete, type GridGame, type GridSeriesState } from "./gridSeriesState.ts";
import type { GridDeed, GridWorld } from "./gridWorld.ts";

const TEAMS = [0, 1] as const;
const FREEZE_SECONDS = 20;

/** Objectives that teams take, by the story's name for them. */
const LOL_OBJECTIVES = [
  ["towers", "destroyTower"],
  ["dragons", "slayInfernalDrake"],
  ["barons", "slayBaron"],
  ["inhibitors", "destroyFortifier"],
] as const;

/** Says as GRID's events, transaction by transaction, how a game came from where it is to where the story has it. */
export class GridProgress {
  readonly #world: GridWorld;
  readonly #tell: (deeds: readonly GridDeed[]) => void;

  constructor(world: GridWorld, tell: (deeds: readonly GridDeed[]) => void) {
    this.#world = world;
    this.#tell = tell;
  }

  /** Moves a game on. What the story leaves out stays as it is. */
  move(game: number, progress: GameProgress, firstSide: Team): void {
    const { title } = this.#world;
    this.#sides(game, firstSide);
    if (title.rounds) {
      this.#kills(game, progress.kills, false);
      this.#rounds(game, progress, firstSide);
      this.#fight(game, this.#of(game).segments.at(-1)?.sequenceNumber ?? 0, progress.equipment);
      this.#plant(game, progress, firstSide);
      this.#alive(game, progress.alive);
    } else {
      this.#kills(game, progress.kills ?? progress.score, true);
      this.#objectives(game, progress);
      this.#gold(game, progress.gold);
    }
    this.#clock(game, progress);
  }

  #of(game: number): GridGame {
    return this.#world.game(game);
  }

  /** A deed within a game. */
  #deed(
    game: number,
    actor: GridDeed["actor"],
    action: string,
    target: GridDeed["target"],
    change: (game: GridGame, state: GridSeriesState) => void,
  ): GridDeed {
    return { actor, action, target, change: (state) => change(this.#world.game(game, state), state) };
  }

  /** The real map comes with the first word after the start, and sides change with the halves. */
  #sides(game: number, firstSide: Team): void {
    const world = this.#world;
    const known = this.#of(game);
    const sides = TEAMS.map((team) => world.sideOf(team, firstSide));
    const same = TEAMS.every((team) => world.gameTeam(known, team).side === sides[team]);
    if (same && known.map.name === world.title.map) return;
    const change = (each: GridGame): void => {
      each.map.name = world.title.map;
      for (const team of TEAMS) world.gameTeam(each, team).side = sides[team]!;
    };
    this.#tell([this.#deed(game, ["grid", "GRID"], "sampled", ["series", world.seriesId], change)]);
  }

  #kills(game: number, kills: readonly [number, number] | undefined, score: boolean): void {
    if (kills === undefined) return;
    const world = this.#world;
    for (const team of TEAMS) {
      for (let n = world.gameTeam(this.#of(game), team).kills; n < kills[team]; n++) {
        this.#tell([this.#kill(game, team, n, score)]);
      }
    }
  }

  #kill(game: number, team: Team, n: number, score: boolean): GridDeed {
    const world = this.#world;
    const other = (1 - team) as Team;
    const [killer, victim] = [world.player(team, n), world.player(other, n)];
    return this.#deed(game, ["player", killer], "killed", ["player", victim], (each, state) => {
      const [ours, theirs] = [world.gameTeam(each, team), world.gameTeam(each, other)];
      ours.kills += 1;
      if (score) ours.score += 1;
      ours.players.find(({ id }) => id === killer)!.kills += 1;
      theirs.deaths += 1;
      theirs.players.find(({ id }) => id === victim)!.deaths += 1;
      world.seriesTeam(state, team).kills += 1;
      world.seriesTeam(state, other).deaths += 1;
    });
  }

  /** Rounds that were played since, one after the other, and the one being played. */
  #rounds(game: number, progress: GameProgress, firstSide: Team): void {
    const world = this.#world;
    const { score } = progress;
    if (score !== undefined) {
      for (const team of TEAMS) {
        while (world.gameTeam(this.#of(game), team).score < score[team])
          this.#playRound(game, team, firstSide);
      }
    }
    const played: number = TEAMS.reduce(
      (sum: number, team) => sum + world.gameTeam(this.#of(game), team).score,
      0,
    );
    const round = progress.round ?? (played === 0 ? 1 : 0); // after the last there is none to begin
    if (round > played && !this.#of(game).segments.some(({ sequenceNumber }) => sequenceNumber === round)) {
      this.#startRound(game, round, firstSide);
    }
  }

  #playRound(game: number, winner: Team, firstSide: Team): void {
    const world = this.#world;
    const known = this.#of(game);
    const played = known.teams.reduce((sum, { score }) => sum + score, 0);
    const round = `round-${played + 1}`;
    if (!known.segments.some(({ id }) => id === round)) this.#startRound(game, played + 1, firstSide);
    const team = world.teamIds[winner];
    this.#fight(game, played + 1, undefined);
    this.#tell([
      this.#deed(game, ["game", known.id], "ended", ["round", round], (each) => {
        each.segments.find(({ id }) => id === round)!.finished = true;
      }),
    ]);
    this.#tell([
      this.#deed(game, ["team", team], "won", ["round", round], (each) => {
        world.gameTeam(each, winner).score += 1;
        const segment = each.segments.find(({ id }) => id === round)!.teams.find(({ id }) => id === team)!;
        segment.won = true;
        segment.winType = "opponentEliminated";
      }),
    ]);
  }

  #startRound(game: number, round: number, firstSide: Team): void {
    const world = this.#world;
    const known = this.#of(game);
    const id = `round-${round}`;
    const teams = ([1, 0] as const).map((team) => ({
      id: world.teamIds[team],
      side: world.sideOf(team, firstSide),
      won: false,
      winType: "",
      objectives: [],
    }));
    this.#tell([
      this.#deed(game, ["game", known.id], "started", ["round", id], (each) => {
        each.segments.push({
          id,
          type: "round",
          sequenceNumber: round,
          started: true,
          finished: false,
          teams,
          segments: [],
        });
        for (const team of each.teams) for (const player of team.players) player.alive = true;
      }),
    ]);
    this.#freezeTime(game, round, "started");
    this.#setClock(game, FREEZE_SECONDS);
  }

  /** Purchases are made while the round is frozen. */
  #fight(game: number, round: number, equipment: readonly [number, number] | undefined): void {
    const frozen = this.#of(game).segments.find(({ sequenceNumber }) => sequenceNumber === round);
    if (frozen?.segments.some(({ started, finished }) => started && !finished) !== true) return;
    this.#equipment(game, equipment);
    this.#freezeTime(game, round, "ended");
    this.#setClock(game, this.#world.title.roundSeconds);
  }

  #freezeTime(game: number, round: number, verb: "started" | "ended"): void {
    const id = `freezetime-${round}`;
    this.#tell([
      this.#deed(game, ["round", `round-${round}`], verb, ["freezetime", id], (each) => {
        const segment = each.segments.find(({ sequenceNumber }) => sequenceNumber === round)!;
        if (verb === "ended") for (const frozen of segment.segments) frozen.finished = true;
        else {
          segment.segments.push({
            id,
            type: "freezetime",
            sequenceNumber: round,
            started: true,
            finished: false,
          });
        }
      }),
    ]);
  }

  #plant(game: number, progress: GameProgress, firstSide: Team): void {
    if (progress.planted !== true) return;
    const world = this.#world;
    const round = this.#of(game).segments.at(-1)!;
    if (round.teams.some(({ objectives }) => objectives.some(({ type }) => type === "plantBomb"))) return;
    const attackers = (1 - firstSide) as Team;
    const team = world.teamIds[attackers];
    const planter = world.player(attackers, round.sequenceNumber);
    this.#tell([
      this.#deed(game, ["player", planter], "completed", ["plantBomb", "plantBomb"], (each) => {
        complete(world.gameTeam(each, attackers).objectives, "plantBomb");
        complete(each.segments.at(-1)!.teams.find(({ id }) => id === team)!.objectives, "plantBomb");
      }),
    ]);
    this.#setClock(game, world.title.bombSeconds);
  }

  #equipment(game: number, equipment: readonly [number, number] | undefined): void {
    if (equipment === undefined) return;
    const world = this.#world;
    for (const team of TEAMS) {
      if (world.gameTeam(this.#of(game), team).loadoutValue === equipment[team]) continue;
      this.#tell([
        this.#deed(game, ["player", world.player(team, 0)], "purchased", ["item", "ak47"], (each) => {
          world.gameTeam(each, team).loadoutValue = equipment[team];
        }),
      ]);
    }
  }

  #alive(game: number, alive: readonly [number, number] | undefined): void {
    if (alive === undefined) return;
    const world = this.#world;
    for (const team of TEAMS) {
      const killer = world.player((1 - team) as Team, 0);
      for (;;) {
        const { players } = world.gameTeam(this.#of(game), team);
        const standing = players.filter((each) => each.alive);
        const victim = standing.at(-1)?.id;
        if (standing.length <= alive[team] || victim === undefined) break;
        this.#tell([
          this.#deed(game, ["player", killer], "damaged", ["player", victim], (each) => {
            world.gameTeam(each, team).players.find(({ id }) => id === victim)!.alive = false;
          }),
        ]);
      }
    }
  }

  #objectives(game: number, progress: GameProgress): void {
    const world = this.#world;
    const dota = world.match.title === "dota2";
    for (const [name, type] of LOL_OBJECTIVES) {
      const taken = progress[name];
      if (taken === undefined) continue;
      for (const team of TEAMS) {
        const count = (): number =>
          world.gameTeam(this.#of(game), team).objectives.find((each) => each.type === type)
            ?.completionCount ?? 0;
        while (count() < taken[team]) {
          const [action, target] =
            dota && name === "towers" ? (["destroyed", "tower"] as const) : (["completed", type] as const);
          const player = world.player(team, count());
          this.#tell([
            this.#deed(game, ["player", player], action, [target, target], (each) => {
              const ours = world.gameTeam(each, team);
              complete(ours.objectives, type);
              if (name === "towers") ours.structuresDestroyed += 1;
            }),
          ]);
        }
      }
    }
  }

  #gold(game: number, gold: readonly [number, number] | undefined): void {
    if (gold === undefined) return;
    const world = this.#world;
    if (TEAMS.every((team) => world.gameTeam(this.#of(game), team).netWorth === gold[team])) return;
    const item = world.match.title === "dota2" ? "acquired" : "purchased";
    this.#tell([
      this.#deed(game, ["player", world.player(0, 0)], item, ["item", "item-1"], (each) => {
        for (const team of TEAMS) {
          const ours = world.gameTeam(each, team);
          ours.money += gold[team] - ours.netWorth;
          ours.netWorth = gold[team];
        }
      }),
    ]);
  }

  /** Where the clock counts down, a plant has a time of its own. */
  #clock(game: number, { clockMs, planted }: GameProgress): void {
    if (clockMs === undefined || planted === true) return;
    const { title } = this.#world;
    const seconds = Math.floor(clockMs / 1_000);
    this.#setClock(game, title.rounds ? Math.max(0, title.roundSeconds - seconds) : seconds);
  }

  #setClock(game: number, seconds: number): void {
    const { title } = this.#world;
    const known = this.#of(game);
    if (known.clock.currentSeconds === seconds) return;
    this.#tell([
      this.#deed(game, ["game", known.id], "set", [title.clock, title.clock], (each) => {
        each.clock.currentSeconds = seconds;
        each.clock.ticking = true;
      }),
    ]);
  }
}
