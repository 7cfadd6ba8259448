import type {
  FrameQuarantined,
  GameProgress,
  MatchClaim,
  SourceEvent,
  SourceHealthChanged,
} from "@matchpoint/sdk";

/** What a feed yields. */
export type FeedEvent = SourceEvent | SourceHealthChanged | FrameQuarantined;

/** A claim in one line: `game_won 2 team 0`. */
export function inWords(claim: MatchClaim): string {
  switch (claim.kind) {
    case "series_won":
      return `series_won team ${claim.winner}${claim.forfeit === true ? " by forfeit" : ""}`;
    case "series_score":
      return `series_score ${claim.maps.join("-")}`;
    case "cancelled":
      return `cancelled (${claim.reason})`;
    case "game_won":
      return `game_won ${claim.game} team ${claim.winner}${claim.forfeit === true ? " by forfeit" : ""}`;
    case "game_progress":
      return `game_progress ${claim.game} ${JSON.stringify(claim.progress)}`;
    case "retracted":
      return `retracted ${claim.game ?? "series"} (${claim.reason})`;
    case "game_started":
    case "game_paused":
    case "game_resumed":
    case "game_ended":
      return `${claim.kind} ${claim.game}`;
    default:
      return claim.kind;
  }
}

/** Claims but progress, and what a keep-alive repeats, in one line each. */
export function statements(claims: readonly SourceEvent[]): string[] {
  return claims.flatMap(({ claim }) => (claim.kind === "game_progress" ? [] : [inWords(claim)]));
}

/** Statements that were made again without having been taken back. */
export function doubled(claims: readonly SourceEvent[]): string[] {
  const standing = new Map<string, number | undefined>();
  const twice: string[] = [];
  for (const { claim } of claims) {
    if (claim.kind === "retracted") {
      for (const [words, game] of standing) {
        if (claim.game === undefined || game === undefined || game === claim.game) standing.delete(words);
      }
      continue;
    }
    const passing = [
      "game_progress",
      "series_score",
      "game_paused",
      "game_resumed",
      "source_invalid",
      "source_valid",
    ];
    if (passing.includes(claim.kind)) continue;
    const words = inWords(claim);
    if (standing.has(words)) twice.push(words);
    standing.set(words, "game" in claim ? claim.game : undefined);
  }
  return twice;
}

/** Claims that have the reference of an earlier one and say the same: they would be taken for the same claim, sent again. */
export function repeated(claims: readonly SourceEvent[]): string[] {
  const known = new Set<string>();
  return claims.flatMap(({ ref, claim }) => {
    const key = `${ref ?? ""} ${inWords(claim)}`;
    if (ref === undefined || !known.has(key)) {
      known.add(key);
      return [];
    }
    return [key];
  });
}

/** Whether a claim shows a state, as far as the source can show it. */
export function shows(
  shown: GameProgress,
  wanted: GameProgress,
  fields: readonly (keyof GameProgress)[],
): boolean {
  const compared = fields.filter((field) => field !== "clockMs" && wanted[field] !== undefined);
  return compared.every((field) => JSON.stringify(shown[field]) === JSON.stringify(wanted[field]));
}

/** The last few events, for the message of a failure. */
export function lately(events: readonly FeedEvent[]): string {
  const lines = events.slice(-12).map((event) => {
    if (event.type === "match_claim")
      return `${inWords(event.claim)}${event.replayed === true ? " (replayed)" : ""}`;
    return event.type === "source_health"
      ? `health ${event.health}: ${event.reason}`
      : `quarantined: ${event.reason}`;
  });
  return lines.length === 0 ? "nothing was said" : `said last:\n  ${lines.join("\n  ")}`;
}
