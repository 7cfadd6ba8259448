import type { MarketDescription, Millis } from "@matchpoint/sdk";
import type { FaultName, ResolvedOptions } from "./options.ts";
import type { SimEvent } from "./outbox.ts";
import { Prng } from "./prng.ts";
import type { Scheduler } from "./scheduler.ts";
import type { GridSource } from "./sources/gridSource.ts";
import type { Link } from "./sources/link.ts";
import type { PandascoreSource } from "./sources/pandascoreSource.ts";
import type { Venue } from "./venue/venue.ts";
import type { Fact } from "./world/facts.ts";

const MINUTE = 60_000;

/** What the scripts act upon. */
export interface FaultTargets {
  readonly scheduler: Scheduler;
  readonly venue: Venue;
  readonly grid: GridSource | undefined;
  readonly gridLink: Link | undefined;
  readonly panda: PandascoreSource | undefined;
  readonly pandaLinks: readonly Link[];
  readonly markets: readonly MarketDescription[];
  announce(event: SimEvent): void;
}

/** When a script begins: so long after the start of a game. */
interface Cue {
  readonly game: number;
  readonly afterMs: number;
  readonly run: () => void;
}

/** The scripts of a run, waiting for their cues. */
export interface FaultPlan {
  take(fact: Fact): void;
}

/**
 * Chooses game and minute of every script that is switched on. The choice rests on the seed alone: a script never waits for
 * an outcome.
 */
export function planFaults(options: ResolvedOptions, targets: FaultTargets): FaultPlan {
  const rng = new Prng(options.seed, "fault plan");
  const cues: Cue[] = [];
  const likely = certainGames(options);
  const on = (name: FaultName): boolean => options.faults.has(name);
  const cue = (name: FaultName, from: number, to: number, run: () => void): void => {
    const game = rng.int(1, likely);
    const afterMs = Math.round(rng.between(from, to) * MINUTE);
    if (on(name)) cues.push({ game, afterMs, run });
  };
  const { scheduler, grid, gridLink, panda, pandaLinks } = targets;
  const gridLinks = gridLink === undefined ? [] : [gridLink];

  cue("rollback", 4, 10, () => grid?.rollBack());
  const claimedForMs = rng.int(12_000, 40_000);
  cue("false_win", 15, 19, () => grid?.claimWin(grid.leader(), claimedForMs));
  const silent = rng.chance(0.5) ? gridLinks : pandaLinks;
  const silentMs = rng.int(60_000, 180_000);
  cue("stall", 3, 14, () => {
    for (const link of silent) link.silence(scheduler.now, scheduler.now + silentMs);
  });
  const burstMs = rng.int(20_000, 60_000);
  cue("burst", 5, 18, () => gridLink?.burst(scheduler.now, scheduler.now + burstMs));
  const lost = rng.int(1, 6);
  const backAfterMs = rng.int(12_000, 25_000);
  cue("gap", 3, 17, () => {
    gridLink?.lose(scheduler.now, lost);
    scheduler.after(backAfterMs, () => gridLink?.reconnect(scheduler.now));
  });
  const awayMs = rng.int(5_000, 20_000);
  cue("market_outage", 2, 18, () => {
    loseMarketChannel(options, targets, awayMs);
  });

  const late = rng.chance(0.5);
  const openAt = options.leadInMs + Math.round(rng.between(8, 20) * MINUTE);
  if (on("late_source")) {
    if (late) gridLink?.openAt(openAt, true);
    else for (const link of pandaLinks) link.openAt(openAt, false);
  }
  const wrongGame = rng.int(1, likely);
  const wrongForMs = rng.int(40_000, 100_000);
  const remadeGame = remadeGameOf(options);
  let remade = false;
  return {
    take(fact) {
      if (fact.kind === "game_started") {
        // A game that is remade starts twice; its scripts wait for the second time.
        if (fact.game === remadeGame && !remade) {
          remade = true;
          return;
        }
        for (let i = cues.length - 1; i >= 0; i--) {
          const next = cues[i]!;
          if (next.game !== fact.game) continue;
          cues.splice(i, 1);
          scheduler.after(next.afterMs, next.run);
        }
      }
      if (fact.kind === "game_won" && fact.game === wrongGame && on("wrong_winner")) {
        panda?.mistake(wrongGame, wrongForMs);
      }
    },
  };
}

/** A series lasts two games at least, if it is not one. */
function certainGames(options: ResolvedOptions): number {
  return options.bestOf === 1 ? 1 : 2;
}

/** The game that is to be remade, if any. */
export function remadeGameOf(options: ResolvedOptions): number | undefined {
  if (!options.faults.has("remake") || options.title !== "lol") return undefined;
  return new Prng(options.seed, "remake").int(1, certainGames(options));
}

function loseMarketChannel(options: ResolvedOptions, targets: FaultTargets, forMs: number): void {
  const { scheduler, venue, markets } = targets;
  const say = (state: "disconnected" | "resynced", reason: string): void => {
    const receivedAt = (options.startsAt + Math.round(scheduler.now)) as Millis;
    markets.forEach(({ marketId }, index) => {
      if (venue.markets[index]!.open)
        targets.announce({ type: "book_continuity", receivedAt, marketId, state, reason });
    });
  };
  venue.disconnect();
  say("disconnected", "socket closed with code 1006");
  scheduler.after(forMs, () => {
    say("resynced", "subscribed again");
    venue.subscribe();
  });
}
