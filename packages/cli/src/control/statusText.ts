import type { Mode } from "@matchpoint/sdk";
import { plain, plural } from "../report/format.ts";
import { realismLine } from "../report/realism.ts";
import type { FoundRun } from "./announcement.ts";
import type { RunStatus } from "./status.ts";
import { EVERY_MARKET, type Stops, type Word } from "./stopFile.ts";

/** Markets that are named although nothing is wrong there: their ids are what other commands take. */
const OTHERS = 30;

/** A run in a few lines: what is halted first. */
export function statusLines({ announcement }: FoundRun, status: RunStatus | undefined): readonly string[] {
  const { runId, mode, pid, url } = announcement;
  if (status === undefined) return [`${runId} (${mode}, process ${pid}) DOES NOT ANSWER at ${url}`];
  const { system, venue, openOrders, markets, reasons, ready, realism = [] } = status;
  const why = ready ? "ready" : `not ready: ${reasons.join(", ")}`;
  const halted = markets.filter(({ causes }) => causes.length > 0);
  const others = markets.filter(({ causes }) => causes.length === 0);
  const more = others.length - OTHERS;
  return [
    `${runId} (${mode}, process ${pid}): ${system}, venue ${venue}, ${plural(openOrders, "open order")}, ${plural(markets.length, "market")}; ${why}`,
    ...(realism.every(({ state }) => state === "on") ? [] : [`  ${realismLine(realism)}`]),
    ...halted.map(
      ({ id, title, status: state, causes }) => `  ${id} ${plain(title)}: ${state} (${causes.join(", ")})`,
    ),
    ...others.slice(0, OTHERS).map(({ id, title, status: state }) => `  ${id} ${plain(title)}: ${state}`),
    ...(more > 0 ? [`  and ${plural(more, "market")} more: --json has them all`] : []),
  ];
}

/** What is stopped on the disk, a line each. */
export function stopLines(mode: Mode, stops: Stops): readonly string[] {
  const { kill, stopEntries, halts, strategies, resumes } = stops;
  const lines: string[] = [];
  if (kill !== undefined) lines.push(`${mode}: killed ${told(kill)}`);
  if (stopEntries !== undefined) lines.push(`${mode}: entries stopped ${told(stopEntries)}`);
  for (const [market, each] of Object.entries(halts))
    lines.push(`${mode}: ${market === EVERY_MARKET ? "every market" : market} halted ${told(each)}`);
  for (const [name, each] of Object.entries(strategies))
    lines.push(
      `${mode}: strategy ${name} disabled ${told(each)}; \`matchpoint resume --strategy ${name} --reason "…"\``,
    );
  for (const each of resumes) lines.push(`${mode}: a resume ${told(each)} waits for the next start`);
  return lines;
}

function told({ by, reason, at }: Word): string {
  const when = at === 0 ? "" : ` at ${new Date(at).toISOString()}`;
  return `by ${plain(by)}${when}${reason === "" ? "" : `: ${plain(reason)}`}`;
}
