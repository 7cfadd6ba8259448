import type { FactEntry } from "../history.ts";
import type { AtEnd, Seen } from "./seen.ts";

/** Truth about matches: I16. @module */

const DECIDED: ReadonlySet<string> = new Set(["effectively_final", "final"]);

/** The state of a match fits its format, and no result stands that nobody states any more. */
export function judgeTruth({ life, core, step, verdicts }: Seen): void {
  const { event } = step;
  if (event.type !== "match_claim") return;
  const { matchId } = event;
  const state = core.truth.state(matchId);
  if (state === undefined) return;
  verdicts.looked("I16");
  const { bestOf } = state.match;
  const needed = Math.floor(bestOf / 2) + 1;
  const won: [number, number] = [0, 0];
  for (const { game, status, winner } of state.games) {
    if (!DECIDED.has(status)) continue;
    if (winner !== undefined) won[winner] += 1;
    if (!life.statements.supports(matchId, game))
      verdicts.wrong(
        "I16",
        `${matchId} ${game}`,
        `game ${game} of ${matchId} is ${status}, and no source says any more who won it`,
      );
  }
  const wrong = (what: string): void => {
    verdicts.wrong(
      "I16",
      matchId,
      `${matchId}, best of ${bestOf}: ${what} (after ${event.claim.kind} of ${event.source})`,
    );
  };
  if (event.claim.kind === "retracted" && event.tier !== "C" && life.statements.fresh) {
    const { game: taken } = event.claim;
    for (const { game, progress } of state.games)
      if ((taken === undefined || game === taken) && Object.keys(progress).length > 0)
        wrong(`game ${game} was taken back, and still shows ${JSON.stringify(progress)}`);
  }
  if (won[0] !== state.maps[0] || won[1] !== state.maps[1])
    wrong(`maps ${state.maps.join("-")}, and its decided games are ${won.join("-")}`);
  if (won[0] + won[1] > bestOf || Math.max(...won) > Math.max(needed, bestOf === 2 ? 2 : 0))
    wrong(`maps ${won.join("-")}`);
}

/** Who truly won what, by the facts that were not taken back. */
export class Facts {
  readonly games = new Map<string, number>();

  take({ matchId, claim }: FactEntry): void {
    if (claim.kind === "game_won") this.games.set(`${matchId} ${claim.game}`, claim.winner);
    if (claim.kind === "retracted" && claim.game !== undefined) this.games.delete(`${matchId} ${claim.game}`);
  }
}

/** When everybody has told the truth at last, what is held to be final is true. */
export function judgeFinals({ lives, verdicts, history }: AtEnd, facts: Facts): void {
  const matches = history.world.matches.map(({ matchId }) => matchId);
  for (const { life: number } of history.world.lives()) {
    const life = lives.get(number);
    const core = life?.runtime?.core;
    if (core === undefined) continue;
    for (const matchId of matches) {
      for (const { game, status, winner } of core.truth.state(matchId)?.games ?? []) {
        const truly = facts.games.get(`${matchId} ${game}`);
        if (status !== "final" || winner === undefined) continue;
        verdicts.holds("I16", winner === truly, `${matchId} ${game} at the end`, () => {
          return `game ${game} of ${matchId} is final for team ${winner}; truly ${truly === undefined ? "nobody won it" : `team ${truly} did`}`;
        });
      }
    }
  }
}
