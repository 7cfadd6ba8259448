import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { HaltRow, MarketRow } from "../frames.ts";
import { clock, money, NONE, plural, probability, shares, signed, timeOfDay } from "../text/format.ts";
import { stateWord, toneOf } from "../text/words.ts";
import { usePage } from "../ui/page.ts";
import { Panel } from "../ui/panel.tsx";
import { stateOf } from "../ui/state.ts";

/** All markets: what each believes, what it is in, why, and what clears it. Choosing one moves chart and ladder there. */
export function Markets(): JSX.Element {
  const { store, choose } = usePage("tables", "chosen", "link");
  const rows = store.tables?.markets;
  const now = store.tables?.t ?? 0;
  const halted = rows?.filter(({ halts }) => halts.length > 0).length ?? 0;
  return (
    <Panel
      id="markets"
      hotkey="3"
      title="Markets"
      state={stateOf(
        store,
        rows?.length,
        "No market is listed yet. Discovery finds them as matches come near.",
      )}
      aside={
        rows !== undefined && (
          <span class="muted">
            {rows.length}
            {halted > 0 && <b class="alarm"> · {halted} halted</b>}
          </span>
        )
      }
    >
      <table class="grid markets" role="grid">
        <thead>
          <tr>
            <th>Market</th>
            <th>Score</th>
            <th class="n">Mid</th>
            <th class="n">Model</th>
            <th class="n">Edge</th>
            <th class="n wide-only">Spread</th>
            <th class="n wide-only">±1¢</th>
            <th class="n">Held</th>
            <th class="n">P&L</th>
            <th>State</th>
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => (
            <Row
              key={row.id}
              row={row}
              now={now}
              chosen={row.id === store.chosen}
              onChoose={() => {
                choose(row.id);
                // On a narrow page the chart is far above.
                if (matchMedia("(width <= 640px)").matches)
                  document.getElementById("chart")?.scrollIntoView();
              }}
            />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** Scrolls the panel, never the page, so that a row can be seen. */
function showInside(row: HTMLElement | null): void {
  const body = row?.closest<HTMLElement>(".panel-body");
  if (row === null || !body) return;
  const above = row.offsetTop - 28;
  const below = row.offsetTop + row.offsetHeight;
  if (above < body.scrollTop) body.scrollTop = above;
  else if (below > body.scrollTop + body.clientHeight) body.scrollTop = below - body.clientHeight;
}

interface RowProps {
  readonly row: MarketRow;
  readonly now: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Row({ row, now, chosen, onChoose }: RowProps): JSX.Element {
  const element = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (chosen) showInside(element.current);
  }, [chosen]);
  const spread = row.bid === undefined || row.ask === undefined ? undefined : row.ask - row.bid;
  const [first, second] = row.held;
  return (
    <tr
      ref={element}
      class="choosable"
      tabIndex={0}
      aria-selected={chosen}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        onChoose();
      }}
    >
      <td class="name">
        <span class="label">{row.label}</span>
        <TruthWord row={row} />
      </td>
      <td class="score">
        {row.series ?? ""} {row.score !== undefined && <span class="strong">{row.score}</span>}
        {row.progress !== undefined && <span class="sub">{row.progress}</span>}
      </td>
      <td class="n market">
        {row.payouts === undefined ? probability(row.mid) : `pays ${(row.payouts[0] / 1_000_000).toFixed(2)}`}
      </td>
      <td class="n model">
        {probability(row.p)}
        {row.sd !== undefined && <span class="sub">±{row.sd.toFixed(3).slice(1)}</span>}
      </td>
      <td class={`n ${row.edge !== undefined && row.edge > 0 ? "strong" : "faint"}`}>
        {row.edge === undefined ? NONE : signed(row.edge * 100, 1, "¢")}
        {row.edge !== undefined && row.edge > 0 && row.edgeOutcome !== undefined && (
          <span class="sub">{row.edgeOutcome === 0 ? "YES" : "NO"}</span>
        )}
      </td>
      <td class="n wide-only">
        {spread === undefined ? NONE : `${(spread / 100).toFixed(spread % 100 === 0 ? 0 : 1)}¢`}
      </td>
      <td class="n wide-only">{shares(Math.round(row.liquidity / 1_000_000) * 1_000_000)}</td>
      <td class="n">
        {first === 0 && second === 0 ? (
          <span class="faint">{NONE}</span>
        ) : (
          <>
            <span class="up">{shares(first)}</span>
            <span class="faint">/</span>
            <span class="down">{shares(second)}</span>
          </>
        )}
        {row.openOrders > 0 && <span class="sub">{plural(row.openOrders, "order")}</span>}
      </td>
      <td class={`n ${row.pnl > 0 ? "up" : row.pnl < 0 ? "down" : "faint"}`}>{money(row.pnl, true)}</td>
      <td class="state">
        <span class={`pill tone-${toneOf(row.halts.length > 0 ? "HALT" : row.state)}`}>
          {stateWord(row.state)}
        </span>
        {row.book !== "live" && <span class="pill tone-caution">book {row.book}</span>}
        {row.stateSince !== undefined && <span class="faint since">{clock(now - row.stateSince)}</span>}
        {row.halts.map((halt) => (
          <Halt key={halt.cause} halt={halt} now={now} />
        ))}
        {row.warning !== undefined && <span class="sub caution">⚠ {row.warning}</span>}
      </td>
    </tr>
  );
}

function Halt({ halt, now }: { readonly halt: HaltRow; readonly now: number }): JSX.Element {
  return (
    <span class="sub halt">
      <b class="alarm">{halt.cause}</b> {halt.reason} <span class="faint">since {timeOfDay(halt.since)}</span>
      <br />
      <span class="muted">
        clears: {halt.clears}
        {halt.until !== undefined && ` (in ${clock(halt.until - now)})`}
      </span>
    </span>
  );
}

function TruthWord({ row }: { readonly row: MarketRow }): JSX.Element {
  if (row.truth === undefined)
    return <span class="sub caution">not proven{row.unproven === undefined ? "" : `: ${row.unproven}`}</span>;
  const sure =
    row.confidence !== undefined && row.confidence > 0 ? ` ${(row.confidence * 100).toFixed(1)} %` : "";
  const tone = row.truth === "disputed" || row.truth === "retracted" ? "alarm" : "faint";
  return (
    <span class={`sub ${tone}`}>
      {row.truth.replaceAll("_", " ")}
      {sure}
      {row.singleSource === true && <span class="caution"> · one source</span>}
    </span>
  );
}
