import type { MatchDescription, SourceEvent } from "../events/index.ts";

/** A claim in words, for reasons in journals and screens. Of one that breaks the rules only its kind is to be trusted. */
export function describeClaim(
  event: SourceEvent,
  match: MatchDescription,
  violation: string | undefined,
): string {
  const { claim } = event;
  if (violation !== undefined) return `${event.source}: ${claim.kind} (${violation})`;
  const team = (index: 0 | 1): string => match.teams[index].name;
  const said = `${event.source}: `;
  switch (claim.kind) {
    case "series_started":
      return `${said}series started`;
    case "series_won":
      return `${said}series won by ${team(claim.winner)}${claim.forfeit === true ? " by forfeit" : ""}`;
    case "series_ended":
      return `${said}series over, no winner named`;
    case "series_score":
      return `${said}series score ${claim.maps.join("-")}`;
    case "cancelled":
      return `${said}${claim.reason}`;
    case "game_started":
      return `${said}game ${claim.game} started`;
    case "game_paused":
      return `${said}game ${claim.game} paused`;
    case "game_resumed":
      return `${said}game ${claim.game} resumed`;
    case "game_progress":
      return `${said}game ${claim.game} progress`;
    case "game_won":
      return `${said}game ${claim.game} won by ${team(claim.winner)}${claim.forfeit === true ? " by forfeit" : ""}`;
    case "game_ended":
      return `${said}game ${claim.game} over, no winner named`;
    case "retracted":
      return `${said}${claim.reason} of ${claim.game === undefined ? "the series" : `game ${claim.game}`}`;
    case "source_invalid":
      return `${said}its data is invalid`;
    case "source_valid":
      return `${said}its data is valid again`;
  }
}
