import type { GameProgress } from "../events/index.ts";
import type { SourceId } from "../ids.ts";
import { setBack, shrank } from "./progress.ts";
import type { MatchRecord, SubjectRecord } from "./records.ts";
import { TITLE_RULES } from "./titleRules.ts";

/** Whether what is shown rests on what a source says at present. */
function restsOn(match: MatchRecord, game: number, source: SourceId, shown: GameProgress): boolean {
  const own = match.sources.find((record) => record.source === source)?.progress[game]?.value;
  if (own === undefined || own.clockMs !== shown.clockMs) return false;
  return own.score?.[0] === shown.score?.[0] && own.score?.[1] === shown.score?.[1];
}

/**
 * Whether what is to be shown takes back what was shown, and why. Scores only grow, so less of them is enough. Clocks differ
 * between sources, so one that is behind counts together with a source that has set its own back, whichever comes first; and
 * a source that has set itself back is followed at the latest when what is shown rests on it.
 *
 * @param unsaid the source that says less than before with the claim that is being taken
 */
export function wentBack(
  match: MatchRecord,
  subject: SubjectRecord,
  next: GameProgress,
  unsaid: SourceId | undefined,
): string | undefined {
  const { rounds } = TITLE_RULES[match.match.title];
  const fell = shrank(subject.progress, next);
  const behind = setBack(subject.progress, next, rounds);
  const by = unsaid ?? subject.setBackBy;
  const said = by !== null && (behind || subject.fellBehind || restsOn(match, subject.game, by, next));
  const back = fell ?? (said ? `${by} had set it back` : undefined);
  const grew = (next.clockMs ?? 0) > (subject.progress.clockMs ?? 0);
  subject.setBackBy = back !== undefined || grew ? null : by;
  subject.fellBehind = back === undefined && !grew && (behind || subject.fellBehind);
  return back;
}
