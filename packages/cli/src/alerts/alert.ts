import { ALERT_KINDS, type AlertKind, type AlertSeverity } from "@matchpoint/sdk";
import { clip, plain } from "../report/format.ts";

/** Something that a person is told. */
export interface Alert {
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  /** `over`: what was told of before has ended. */
  readonly state: "raised" | "over";
  /** What it is about, for telling repetitions: a market's id, a feed's name, or empty. */
  readonly subject: string;
  readonly text: string;
  /** Unix ms. */
  readonly at: number;
  /** How often the same was kept back since it was told last. */
  readonly kept: number;
  readonly marketId?: string;
  readonly matchId?: string;
  readonly orderId?: string;
  readonly intentId?: string;
}

/** What an alert is made of; the rest follows from its kind. */
export type News = Pick<Alert, "kind" | "subject" | "text"> &
  Partial<Pick<Alert, "marketId" | "matchId" | "orderId" | "intentId">>;

/** Longest text of one alert. */
const LONGEST = 600;
const MARKS: Readonly<Record<AlertSeverity, string>> = { info: "•", warning: "!", critical: "!!" };

/** An alert of this moment. */
export function alertOf(news: News, state: Alert["state"], at: number, kept: number): Alert {
  const { severity } = ALERT_KINDS[news.kind];
  return { ...news, text: clip(plain(news.text), LONGEST), severity, state, at, kept };
}

/** An alert as one line for people. */
export function lineOf({ kind, severity, state, text, kept }: Alert): string {
  const again = kept === 0 ? "" : ` (and ${kept} more like it before)`;
  return state === "over" ? `ok ${kind}: over: ${text}` : `${MARKS[severity]} ${kind}: ${text}${again}`;
}

/**
 * Alerts as a message of at most `most` characters, and how many of them it holds: always one. `head` stands above them; `show` makes of
 * a line what the place takes for plain text.
 */
export function messageOf(
  head: string,
  alerts: readonly Alert[],
  most: number,
  show: (line: string) => string = (line) => line,
): { readonly text: string; readonly held: number } {
  const lines: string[] = [show(head)];
  let length = lines[0]!.length;
  let held = 0;
  for (const alert of alerts) {
    const line = show(lineOf(alert));
    if (held > 0 && length + 1 + line.length > most) break;
    lines.push(line);
    length += 1 + line.length;
    held += 1;
  }
  return { text: clip(lines.join("\n"), most), held };
}
