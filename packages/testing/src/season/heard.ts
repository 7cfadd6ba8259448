import type { MatchClaim } from "@matchpoint/sdk";
import type { Fixture } from "./fixture.ts";
import type { Message } from "./teller.ts";
import type { Unsaying } from "./world.ts";

/** What a source has said of a game so far, as far as it can be less later. */
interface Said {
  score: readonly [number, number];
  clockMs: number;
  ref: string | undefined;
  maps: number;
}

/** Whether a claim says less, or other, than its source did before. */
function unsays(claim: MatchClaim, game: number, said: Said): boolean {
  switch (claim.kind) {
    case "retracted":
      return claim.game === undefined || claim.game === game || game === 0;
    case "series_won":
      return game === 0;
    case "series_score":
      return claim.maps[0] + claim.maps[1] < said.maps;
    case "game_started":
      return claim.game === game && said.ref !== undefined && claim.ref !== said.ref;
    case "game_progress": {
      const { score = [0, 0], clockMs = 0 } = claim.progress;
      const less = score[0] < said.score[0] || score[1] < said.score[1] || clockMs < said.clockMs;
      return claim.game === game && less;
    }
    default:
      return false;
  }
}

function note(claim: MatchClaim, game: number, said: Said): void {
  if (claim.kind === "series_score") said.maps = claim.maps[0] + claim.maps[1];
  if (claim.kind === "game_started" && claim.game === game) said.ref = claim.ref;
  if (claim.kind !== "game_progress" || claim.game !== game) return;
  said.score = claim.progress.score ?? said.score;
  said.clockMs = claim.progress.clockMs ?? said.clockMs;
}

/** Whether any source of those that decide ever tells of what was unsaid in the hall. Of the rest nobody can know. */
export function isHeard(fixture: Fixture, { game }: Unsaying, at: number): boolean {
  const sources = new Map<string, Message[]>();
  for (const message of fixture.messages) {
    const { source, tier } = message.voice.profile;
    if (tier !== "C") sources.set(source, [...(sources.get(source) ?? []), message]);
  }
  return [...sources.values()].some((messages) => {
    const said: Said = { score: [0, 0], clockMs: 0, ref: undefined, maps: 0 };
    return messages.some(({ claim, at: told }) => {
      if (claim === undefined) return false;
      const heard = told >= at && unsays(claim, game, said);
      note(claim, game, said);
      return heard;
    });
  });
}
