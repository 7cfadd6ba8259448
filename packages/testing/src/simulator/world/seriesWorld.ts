import type { Team, Title } from "@matchpoint/sdk";
import { Prng } from "../prng.ts";
import type { Scheduler } from "../scheduler.ts";
import { Cs2Game } from "./cs2Game.ts";
import type { Fact, FactBody, GameHost } from "./facts.ts";
import { LolGame } from "./lolGame.ts";

/** What the world is made of. */
export interface WorldOptions {
  readonly seed: number;
  readonly title: Extract<Title, "lol" | "cs2">;
  readonly bestOf: number;
  /** When the match is scheduled to start, in virtual ms. */
  readonly scheduledAt: number;
  /** True strength of team 0 over team 1 as log-odds of an even map; nobody in the simulation may read it. */
  readonly edge: number;
  /** From this virtual time on the match takes another course. */
  readonly reseed?: { readonly at: number; readonly seed: number };
  /** Game that is remade once, if any. */
  readonly remadeGame?: number;
}

const LOL_EDGE_TO_LOGIT = 1 / 1.1; // what makes an edge of 1 win a game at log-odds 1; measured over 3,000 games
const ROUND_PER_MAP_LOGIT = 1 / 4.1; // the same for rounds of a map
const FORM_SD = 0.25;
const LOL_MAP = "Summoner's Rift";
const CS2_MAPS = ["ancient", "anubis", "dust2", "inferno", "mirage", "nuke", "train"] as const;

/**
 * The series: games one after the other with breaks, until a team has won more than half. It knows nothing of sources,
 * markets or traders; what happens is handed to `publish` the moment it happens, and the future does not exist yet.
 */
export class SeriesWorld {
  readonly #options: WorldOptions;
  readonly #scheduler: Scheduler;
  readonly #publish: (fact: Fact) => void;
  readonly #rng: Prng;
  readonly #maps: string[];
  readonly #wins: [number, number] = [0, 0];
  #remade = false;

  constructor(options: WorldOptions, scheduler: Scheduler, publish: (fact: Fact) => void) {
    this.#options = options;
    this.#scheduler = scheduler;
    this.#publish = publish;
    this.#rng = new Prng(options.seed, "world");
    this.#maps = [...CS2_MAPS];
  }

  /** Sets the series going. */
  start(): void {
    const { reseed, scheduledAt } = this.#options;
    if (reseed !== undefined) {
      this.#scheduler.at(reseed.at, () => {
        this.#rng.reset(reseed.seed, "another future");
      });
    }
    const late = Math.round(this.#rng.between(0, 120_000));
    this.#scheduler.at(scheduledAt + late, () => {
      this.#tell({ kind: "series_started" });
      this.#after(20_000, 60_000, () => {
        this.#startGame(1);
      });
    });
  }

  #tell(fact: FactBody): void {
    this.#publish({ at: this.#scheduler.now, ...fact });
  }

  #after(low: number, high: number, run: () => void): void {
    this.#scheduler.after(this.#rng.int(low, high), run);
  }

  #startGame(game: number): void {
    const rng = this.#rng;
    const { title, edge, remadeGame } = this.#options;
    const form = edge + rng.normal(0, FORM_SD);
    const firstSide: Team = rng.chance(0.5) ? 0 : 1;
    const map = title === "lol" ? LOL_MAP : this.#maps.splice(rng.int(0, this.#maps.length - 1), 1)[0]!;
    this.#tell({ kind: "game_started", game, map, firstSide });
    let open = true;
    const host: GameHost = {
      rng,
      after: (ms, run) => {
        this.#scheduler.after(ms, run);
      },
      publish: (fact) => {
        if (open) this.#tell(fact);
      },
      finished: (winner) => {
        open = false;
        this.#finishGame(game, winner);
      },
    };
    if (title === "cs2") {
      const ctBias = rng.normal(-0.05, 0.1);
      new Cs2Game(host, game, form * ROUND_PER_MAP_LOGIT, ctBias, firstSide).start();
      return;
    }
    const play = new LolGame(host, game, form * LOL_EDGE_TO_LOGIT);
    play.start();
    if (game !== remadeGame || this.#remade) return;
    this.#remade = true;
    this.#after(100_000, 170_000, () => {
      play.abandon();
      open = false;
      this.#tell({ kind: "game_ended", game, remake: true });
      this.#after(240_000, 420_000, () => {
        this.#startGame(game);
      });
    });
  }

  #finishGame(game: number, winner: Team): void {
    const { title, bestOf } = this.#options;
    this.#wins[winner] += 1;
    this.#tell({ kind: "game_won", game, winner });
    this.#after(1_500, 5_000, () => {
      this.#tell({ kind: "game_ended", game, remake: false });
      if (this.#wins[winner] * 2 <= bestOf) {
        const [low, high] = title === "lol" ? [360_000, 660_000] : [180_000, 420_000];
        this.#after(low, high, () => {
          this.#startGame(game + 1);
        });
        return;
      }
      this.#after(500, 3_000, () => {
        this.#tell({ kind: "series_won", winner });
        this.#after(2_000, 15_000, () => {
          this.#tell({ kind: "series_ended" });
        });
      });
    });
  }
}
