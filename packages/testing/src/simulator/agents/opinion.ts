import { exp, log, logistic, pow } from "@matchpoint/sdk";
import type { MarketDescription, Team } from "@matchpoint/sdk";
import type { MatchView } from "../world/matchView.ts";
import { MapOdds } from "./mapOdds.ts";

// Gold: one formula for all minutes, fitted to 434 professional games of 2025: 0.476 * (t / 20) ^ -0.724 per 1,000 gold.
const GOLD_SLOPE = 0.476;
const GOLD_MINUTE = 20;
const GOLD_POWER = -0.724;
const EARLIEST_MINUTE = 5;
const LATEST_MINUTE = 34;
/** Strength is in the gold already, the more the longer a game has lasted. */
const STRENGTH_FADES = 45;
const GOLD_BESIDE_STRENGTH = 0.93;
const BARON_LOGIT = 0.35;

const ROUND_PER_MAP_LOGIT = 1 / 4.1;
const CT_LOGIT = -0.05;
const PER_THOUSAND_EQUIPMENT = 0.1;
const PER_THOUSAND_MONEY = 0.025;
const PER_MAN = 3.8;
const PLANT_LOGIT = -1.75;

/** How much a won game teaches about strength, in log-odds. */
const GAME_TEACHES = 0.12;
/** Nobody prices anything as certain. */
const NEVER_SURE = 0.0015;

/** A view's outlook. */
interface Ahead {
  readonly version: number;
  /** P(team 0 wins the running game), and any later one. */
  readonly running: number;
  readonly base: number;
  /** P(each game is played). */
  readonly played: readonly number[];
  readonly series: number;
}

/**
 * What somebody thinks a match and its markets are worth, from what they have seen of it and from a public rating: the published
 * gold formula for LoL, rounds and equipment for CS2, and the recursion over the games of the series. It may be wrong; the
 * world does not follow it.
 */
export class Opinion {
  readonly #title: "lol" | "cs2";
  readonly #rating: number;
  readonly #bestOf: number;
  readonly #slopeFactor: number;
  #known: Ahead | undefined;
  #odds: MapOdds | undefined;
  #oddsFor = "";

  /** `rating` is this person's own idea of team 0's strength; `slopeFactor` how much they make of a lead. */
  constructor(title: "lol" | "cs2", bestOf: number, rating: number, slopeFactor: number) {
    this.#title = title;
    this.#bestOf = bestOf;
    this.#rating = rating;
    this.#slopeFactor = slopeFactor;
  }

  /** What outcome 0 of a market is worth, between 0 and 1, to somebody with this view; always the same one. */
  worth(market: MarketDescription, view: MatchView): number {
    const { subject } = market;
    if (subject === undefined) return 0.5;
    const p = subject.kind === "series" ? this.#ahead(view).series : this.#game(view, subject.game);
    const own = subject.teamOf[0] === 0 ? p : 1 - p;
    return own < NEVER_SURE ? NEVER_SURE : own > 1 - NEVER_SURE ? 1 - NEVER_SURE : own;
  }

  #strength(view: MatchView): number {
    return this.#rating + GAME_TEACHES * (view.maps[0] - view.maps[1]);
  }

  #game(view: MatchView, game: number): number {
    const { winner } = view.games[game - 1]!;
    if (winner !== undefined) return winner === 0 ? 1 : 0;
    const { running, played, base } = this.#ahead(view);
    const current = game === view.game && view.inGame;
    // A game that is not played pays half.
    return current ? running : played[game - 1]! * base + (1 - played[game - 1]!) * 0.5;
  }

  /** What lies ahead, from here; worked out anew only when the view has changed. */
  #ahead(view: MatchView): Ahead {
    if (this.#known?.version !== view.version) this.#known = this.#playOn(view);
    return this.#known;
  }

  /** Plays on from here: the chance of each game that it is played, and of team 0 to win the series. */
  #playOn(view: MatchView): Ahead {
    const needed = Math.floor(this.#bestOf / 2) + 1;
    const base = logistic(this.#strength(view));
    const running = view.inGame ? this.#running(view) : base;
    const width = needed + 1;
    let states = new Float64Array(width * width);
    states[view.maps[0] * width + view.maps[1]] = 1;
    const played = new Array<number>(this.#bestOf).fill(1);
    for (let n = view.maps[0] + view.maps[1] + 1; n <= this.#bestOf; n++) {
      const here = n === view.game && view.inGame ? running : base;
      const after = new Float64Array(width * width);
      let open = 0;
      for (let a = 0; a <= needed; a++) {
        for (let b = 0; b <= needed; b++) {
          const mass = states[a * width + b]!;
          if (mass === 0) continue;
          if (a === needed || b === needed) after[a * width + b]! += mass;
          else {
            open += mass;
            after[(a + 1) * width + b]! += mass * here;
            after[a * width + b + 1]! += mass * (1 - here);
          }
        }
      }
      played[n - 1] = open;
      states = after;
    }
    let series = 0;
    for (let b = 0; b < needed; b++) series += states[needed * width + b]!;
    return { version: view.version, running, base, played, series };
  }

  #running(view: MatchView): number {
    return this.#title === "lol" ? this.#lol(view) : this.#cs2(view);
  }

  #lol(view: MatchView): number {
    const minute = view.clockMs / 60_000;
    const t = minute < EARLIEST_MINUTE ? EARLIEST_MINUTE : minute > LATEST_MINUTE ? LATEST_MINUTE : minute;
    const slope = GOLD_SLOPE * pow(t / GOLD_MINUTE, GOLD_POWER) * GOLD_BESIDE_STRENGTH * this.#slopeFactor;
    const lead = (view.gold[0] - view.gold[1]) / 1_000;
    const baron =
      (view.baronUntilMs[0] > view.clockMs ? BARON_LOGIT : 0) -
      (view.baronUntilMs[1] > view.clockMs ? BARON_LOGIT : 0);
    return logistic(this.#strength(view) * exp(-minute / STRENGTH_FADES) + slope * lead + baron);
  }

  #cs2(view: MatchView): number {
    const edge = this.#strength(view) * ROUND_PER_MAP_LOGIT;
    const odds = this.#mapOdds(view.startSide, edge);
    const [a, b] = view.score;
    // Between rounds the score says it all, but for what is in the banks.
    const isCt = view.firstSide === 0;
    let logit = edge + (isCt ? CT_LOGIT : -CT_LOGIT);
    const rich = (view.money[0] - view.money[1]) / 1_000;
    const armed = (view.equipment[0] - view.equipment[1]) / 1_000;
    logit += view.roundLive ? PER_THOUSAND_EQUIPMENT * armed : PER_THOUSAND_MONEY * rich;
    if (view.roundLive) {
      const men = [Math.max(view.alive[0], 0.2), Math.max(view.alive[1], 0.2)] as const;
      logit += PER_MAN * (log(men[0]) - log(men[1])) * this.#slopeFactor;
      if (view.planted) logit += isCt ? PLANT_LOGIT : -PLANT_LOGIT;
    } else if (view.round <= a + b) {
      return odds.at(a, b);
    }
    const round = logistic(logit);
    return round * odds.at(a + 1, b) + (1 - round) * odds.at(a, b + 1);
  }

  #mapOdds(firstCt: Team, edge: number): MapOdds {
    const key = `${firstCt} ${edge}`;
    if (this.#odds === undefined || key !== this.#oddsFor) {
      this.#odds = new MapOdds(edge + CT_LOGIT, edge - CT_LOGIT, firstCt);
      this.#oddsFor = key;
    }
    return this.#odds;
  }
}
