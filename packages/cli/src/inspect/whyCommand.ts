import { MatchpointError } from "@matchpoint/sdk";
import { listenForInterrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import type { Host } from "../commands/shared.ts";
import type { RunView } from "../view/index.ts";
import { demandRun, noRun, openShown, type InspectFlags } from "./shownRun.ts";
import { whyOf, whyText } from "./why.ts";

export type { InspectFlags } from "./shownRun.ts";

/**
 * `matchpoint why MARKET [JOURNAL]`: why a market is traded or is not: its state and what clears it, what is stopped, what strategies
 * passed over and what was denied, and what happened last. Exit code 4 when no run is under way and no journal is named.
 */
export async function whyCommand(
  market: string,
  journal: string | undefined,
  flags: InspectFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  const shown = await openShown(journal, flags, host, io);
  if (shown === undefined) return noRun("why MARKET", { market: null }, flags, io);
  const interrupt = listenForInterrupt(io);
  try {
    await shown.catchUp(interrupt.signal);
  } finally {
    interrupt.dispose();
  }
  if (interrupt.signal.aborted)
    throw new MatchpointError("ABORTED", "interrupted; the journal was not read to its end");
  demandRun(shown);
  const { view } = shown.follower;
  const why = whyOf(view, marketOf(view, market));
  if (flags.json === true) io.out(JSON.stringify(why));
  else for (const line of whyText(why, io.columns)) io.out(line);
  return EXIT.OK;
}

/** The market of an id, or the one whose name has all the words. @throws MatchpointError `MARKET_UNKNOWN` */
function marketOf(view: RunView, wanted: string): string {
  const { markets } = view.hello();
  const exact = markets.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact.id;
  const same = markets.filter(({ label, title }) =>
    [label, title].some((name) => fold(name) === fold(wanted)),
  );
  const words = fold(wanted).split(" ");
  const like = markets.filter(({ id, label, title }) => {
    const name = fold(`${id} ${label} ${title}`);
    return words.every((word) => name.includes(word));
  });
  const found = same.length === 1 ? same : like;
  if (found.length === 1) return found[0]!.id;
  const names = (found.length === 0 ? markets : found).map(({ id, label }) => `${label} (${id})`);
  const what = found.length === 0 ? "no market" : `${found.length} markets`;
  throw new MatchpointError(
    "MARKET_UNKNOWN",
    `${what} of the run ${found.length > 1 ? "are" : "is"} called "${wanted}"`,
    {
      hint: names.length === 0 ? "It has no markets." : `Name one: ${names.slice(0, 20).join(", ")}.`,
    },
  );
}

function fold(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, " ");
}
