import type { JSX } from "preact";
import type { FeedRow, LatencyRow, RaceRow } from "../frames.ts";
import { count, lapse, NONE, percent, timeOfDay } from "../text/format.ts";
import { STAGES } from "../text/words.ts";
import { usePage } from "../ui/page.ts";
import { Panel } from "../ui/panel.tsx";
import { stateOf } from "../ui/state.ts";

/** How long news takes to become a settled trade, stage by stage. */
export function Latency(): JSX.Element {
  const { store } = usePage("tables", "link");
  const rows = store.tables?.latency;
  const measured = rows?.reduce((sum, { n }) => sum + n, 0);
  return (
    <Panel
      id="latency"
      hotkey="8"
      title="Latency"
      state={stateOf(store, measured, "Nothing has been measured yet.")}
    >
      <table class="grid latency">
        <thead>
          <tr>
            <th>Stage</th>
            <th class="histogram">Distribution</th>
            <th class="n">p50</th>
            <th class="n">p90</th>
            <th class="n">p99</th>
            <th class="n wide-only">n</th>
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => (
            <tr key={row.stage} class={row.n === 0 ? "faint" : ""}>
              <td>{STAGES[row.stage]}</td>
              <td class="histogram">
                {row.n === 0 ? <span class="faint">none yet</span> : <Histogram row={row} />}
              </td>
              <td class="n strong">{lapse(row.p50Ms)}</td>
              <td class="n">{lapse(row.p90Ms)}</td>
              <td class="n">{lapse(row.p99Ms)}</td>
              <td class="n wide-only muted">{count(row.n)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

const WIDE = 140;
const HIGH = 20;

function Histogram({ row }: { readonly row: LatencyRow }): JSX.Element {
  const most = Math.max(1, ...row.counts);
  const step = WIDE / Math.max(1, row.counts.length);
  return (
    <svg class="bars" viewBox={`0 0 ${String(WIDE)} ${String(HIGH)}`} preserveAspectRatio="none" role="img">
      <title>
        {row.counts
          .map((n, i) => (n === 0 ? "" : `${bucketText(row.edges, i)}: ${count(n)}`))
          .filter((text) => text !== "")
          .join("\n")}
      </title>
      {row.counts.map((n, i) => {
        const high = n === 0 ? 0 : Math.max(1, (n / most) * HIGH);
        return <rect key={i} x={i * step} y={HIGH - high} width={Math.max(0.5, step - 1)} height={high} />;
      })}
      <line x1={0} x2={WIDE} y1={HIGH - 0.25} y2={HIGH - 0.25} />
    </svg>
  );
}

/** What a histogram's bar counts: `2–5 ms`, `over 10 s`. */
export function bucketText(edges: readonly number[], i: number): string {
  const to = edges[i];
  const from = edges[i - 1];
  if (to === undefined) return from === undefined ? "all" : `over ${lapse(from)}`;
  return from === undefined ? `up to ${lapse(to)}` : `${lapse(from)} – ${lapse(to)}`;
}

/** Which source says things first, and how all feeds are. */
export function Sources(): JSX.Element {
  const { store } = usePage("tables", "link");
  const tables = store.tables;
  const feeds = [...(tables?.feeds ?? [])].sort((a, b) => Number(a.ok) - Number(b.ok));
  return (
    <Panel
      id="sources"
      hotkey="9"
      title="Sources and feeds"
      state={stateOf(
        store,
        tables === undefined ? undefined : tables.race.length + feeds.length,
        "No source has said anything yet.",
      )}
    >
      {tables !== undefined && tables.race.length > 0 && <Race rows={tables.race} />}
      <table class="grid feeds">
        <tbody>
          {feeds.map((feed) => (
            <Feed key={`${feed.feed} ${feed.of ?? ""}`} feed={feed} now={tables!.t} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Race({ rows }: { readonly rows: readonly RaceRow[] }): JSX.Element {
  return (
    <table class="grid race">
      <thead>
        <tr>
          <th>Source race</th>
          <th class="n">First</th>
          <th class="n">Behind p50</th>
          <th class="n">p90</th>
          <th class="n">Lag</th>
          <th class="n wide-only">Claims</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.source}>
            <td>
              <b>{row.source}</b> <span class="faint">{row.tier}</span>
              {!row.mayTake && <span class="sub">no taking on its word</span>}
            </td>
            <td class="n">
              {row.races === 0 ? NONE : percent(row.first / row.races)}
              <span class="sub">
                {count(row.first)} of {count(row.races)}
              </span>
            </td>
            <td class="n">{lapse(row.behindP50Ms)}</td>
            <td class="n">{lapse(row.behindP90Ms)}</td>
            <td class="n">
              {row.lagMs === undefined ? <span class="muted">unknown</span> : lapse(row.lagMs)}
            </td>
            <td class="n wide-only muted">{count(row.claims)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Feed({ feed, now }: { readonly feed: FeedRow; readonly now: number }): JSX.Element {
  return (
    <tr>
      <td>
        <b class={feed.ok ? "up" : "alarm"}>{feed.ok ? "●" : "▲"}</b> {feed.feed}
        {feed.of !== undefined && <span class="muted"> {feed.of}</span>}
      </td>
      <td class={feed.ok ? "muted" : "alarm"}>
        {feed.health}
        {feed.reason !== "" && <span class="sub">{feed.reason}</span>}
      </td>
      <td class="n muted">{feed.since > 0 ? `since ${timeOfDay(feed.since)}` : ""}</td>
      <td class="n">
        {feed.last === undefined ? "never spoke" : `${lapse(Math.max(0, now - feed.last))} ago`}
      </td>
    </tr>
  );
}
