import type { JSX } from "preact";
import type { PositionRow } from "../frames.ts";
import { dateTime, money, NONE, probability, shares } from "../text/format.ts";
import { SETTLEMENTS } from "../text/words.ts";
import { usePage } from "../ui/page.ts";
import { Panel } from "../ui/panel.tsx";
import { stateOf } from "../ui/state.ts";

/** What is held, what it would bring, what it can lose, and by which rules it pays. */
export function Positions(): JSX.Element {
  const { store, choose } = usePage("tables", "link");
  const rows = store.tables?.positions;
  return (
    <Panel
      id="positions"
      hotkey="4"
      title="Positions"
      state={stateOf(store, rows?.length, "Nothing is held.")}
      aside={
        rows !== undefined &&
        rows.length > 0 && (
          <span class="muted">
            at most {money(rows.reduce((sum, row) => sum + row.maxLoss, 0))} to lose, each by itself
          </span>
        )
      }
    >
      <table class="grid positions">
        <thead>
          <tr>
            <th>Position</th>
            <th class="n">Shares</th>
            <th class="n">Paid</th>
            <th class="n">Would bring</th>
            <th class="n wide-only">By model</th>
            <th class="n">P&L</th>
            <th class="n">Max loss</th>
            <th>Settlement</th>
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => (
            <Row
              key={`${row.market} ${String(row.outcome)}`}
              row={row}
              onChoose={() => {
                choose(row.market);
              }}
            />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Row({ row, onChoose }: { readonly row: PositionRow; readonly onChoose: () => void }): JSX.Element {
  const gain = row.mark - row.cost;
  const each = (micros: number): string => (row.shares === 0 ? NONE : probability(micros / row.shares));
  const waits = row.settled < row.shares;
  return (
    <tr>
      <td class="name">
        <button type="button" class="link-button label" onClick={onChoose}>
          {row.label}
        </button>
        <span class={`sub ${row.outcome === 0 ? "up" : "down"}`}>{row.name}</span>
      </td>
      <td class="n">
        {shares(row.shares)}
        {waits && <span class="sub">{shares(row.settled)} settled</span>}
      </td>
      <td class="n">
        {money(row.cost)}
        <span class="sub">{each(row.cost)}</span>
      </td>
      <td class="n">
        {money(row.mark)}
        <span class="sub">{each(row.mark)}</span>
      </td>
      <td class="n wide-only">
        {money(row.atModel)}
        {row.atModel !== undefined && <span class="sub">{each(row.atModel)}</span>}
      </td>
      <td class={`n ${gain > 0 ? "up" : gain < 0 ? "down" : ""}`}>{money(gain, true)}</td>
      <td class="n">{money(row.maxLoss)}</td>
      <td class="settlement">
        <span class={`pill ${tone(row.settlement)}`}>{SETTLEMENTS[row.settlement]}</span>
        {row.clause !== undefined && <span class="sub caution">⚠ {row.clause}</span>}
        {row.rules !== undefined && (
          <details>
            <summary>rules</summary>
            <p class="rules">
              {row.startsAt !== undefined && (
                <span class="muted">Start stated as {dateTime(row.startsAt)}. </span>
              )}
              {row.rules}
            </p>
          </details>
        )}
      </td>
    </tr>
  );
}

function tone(settlement: PositionRow["settlement"]): string {
  if (settlement === "disputed") return "tone-alarm";
  if (settlement === "redeemable" || settlement === "settled") return "tone-good";
  return "tone-quiet";
}
