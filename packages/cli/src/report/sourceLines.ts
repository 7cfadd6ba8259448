import type { RunSummary, SourceReport } from "@matchpoint/sdk";
import { count, wrap } from "./format.ts";
import { table, type Column } from "./table.ts";

/** Seconds to a tenth; a dash for what nobody knows. */
function seconds(ms: number | undefined, unknown = "-"): string {
  return ms === undefined ? unknown : `${(ms / 1_000).toFixed(1)} s`;
}

/** What a person has to know before reading any figure: the guard against late news was off. */
function guardLines({ signalGuard }: RunSummary, width: number): string[] {
  if (signalGuard === "on") return [];
  return wrap(
    "signal_lag_guard is OFF: orders may rest on news that the market had heard before. For studies only.",
    width,
  );
}

/** How late the sources of match facts were, each by its own samples; nothing when none has spoken. */
export function sourceLines(summary: RunSummary, width: number, textWidth: number): string[] {
  const heard = summary.sources.filter(({ claims }) => claims > 0);
  const guard = guardLines(summary, textWidth);
  if (heard.length === 0) return guard;
  const columns: readonly Column<SourceReport>[] = [
    { title: "SOURCE", align: "left", least: 8, cell: ({ source }) => source },
    { title: "TIER", align: "left", cell: ({ tier }) => tier },
    { title: "CLAIMS", align: "right", cell: ({ claims }) => count(claims) },
    { title: "MEASURED", align: "right", cell: ({ lag }) => count(lag.n) },
    { title: "P50", align: "right", cell: ({ lag }) => seconds(lag.p50Ms) },
    { title: "P90", align: "right", cell: ({ lag }) => seconds(lag.p90Ms) },
    { title: "MAX", align: "right", cell: ({ lag }) => seconds(lag.maxMs) },
    { title: "STAMPED", align: "right", cell: ({ lag }) => seconds(lag.stampedMs) },
    { title: "COUNTS AS", align: "right", cell: ({ lag }) => seconds(lag.lagMs, "unknown") },
    { title: "MAY TAKE", align: "left", cell: ({ lag }) => (lag.mayTake ? "yes" : "no, too late") },
  ];
  const legend =
    "Behind whoever reported the same first, another source or the market · STAMPED: by the source's own stamps, at least so late · MAY TAKE: whether its news may lead to orders that take liquidity";
  return ["How late the sources were", ...table(columns, heard, width), ...wrap(legend, textWidth), ...guard];
}

/** The same in one line, for the status of a running run; nothing when no source has spoken. */
export function sourceLine(summary: RunSummary): string | undefined {
  const parts = summary.sources
    .filter(({ claims }) => claims > 0)
    .map(
      ({ source, lag }) =>
        `${source} ${seconds(lag.lagMs, "unknown")}${lag.mayTake ? "" : " (too late to take)"}`,
    );
  if (parts.length === 0) return undefined;
  return `Lag: ${parts.join(" · ")}${summary.signalGuard === "off" ? " · guard OFF" : ""}`;
}
