/**
 * Event types that GRID documents, by actor: what is not here is counted as unknown, so that a change of the feed shows up.
 * Only the types that `GridSeries` names lead to claims by themselves; the others count through their deltas and states.
 */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  grid: [
    ...["started-feed", "ended-feed", "sampled-feed", "sampled-tournament", "sampled-series"],
    ...["invalidated-series", "validated-series"],
  ],
  tournament: ["started-series", "ended-series"],
  series: ["started-game", "ended-game", "paused-game", "resumed-game"],
  team: [
    ...[
      "won-series",
      "won-game",
      "won-round",
      "picked-map",
      "banned-map",
      "picked-character",
      "banned-character",
    ],
    ...["destroyed-tower", "destroyed-barracksMelee", "destroyed-barracksRange", "destroyed-ancient"],
  ],
  game: [
    ...[
      "set-clock",
      "started-clock",
      "stopped-clock",
      "set-gameClock",
      "started-gameClock",
      "stopped-gameClock",
    ],
    ...["set-respawnClock", "started-round", "ended-round", "respawned-roshan"],
  ],
  round: ["started-freezetime", "ended-freezetime"],
  freezetime: ["started-timeout", "ended-timeout"],
  player: [
    ...[
      "joined-series",
      "left-series",
      "rejoined-series",
      "killed-player",
      "teamkilled-player",
      "selfkilled-player",
    ],
    ...["damaged-player", "selfdamaged-player", "teamdamaged-player", "purchased-item", "dropped-item"],
    ...[
      "pickedUp-item",
      "acquired-item",
      "used-ability",
      "killed-roshan",
      "killed-ATierNPC",
      "destroyed-tower",
    ],
    ...["destroyed-barracksMelee", "destroyed-barracksRange", "destroyed-ancient"],
  ],
};

const EXACT: ReadonlySet<string> = new Set(
  Object.entries(KNOWN).flatMap(([actor, kinds]) => kinds.map((kind) => `${actor}-${kind}`)),
);
/** Objectives are a family: `player-completed-plantBomb`, `team-completed-slayBaron`, … */
const OBJECTIVE = /^(?:player|team)-completed-[a-zA-Z0-9]+$/;

/** Whether a type (without `!`) is one that GRID documents. */
export function isKnownKind(kind: string): boolean {
  return EXACT.has(kind) || OBJECTIVE.test(kind);
}
