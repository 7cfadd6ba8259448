import type { JSX } from "preact";
import type { Parts, PnlRow } from "../frames.ts";
import { count, exactMoney, money } from "../text/format.ts";
import { PARTS } from "../text/words.ts";
import { usePage } from "../ui/page.ts";
import { Panel } from "../ui/panel.tsx";
import { stateOf } from "../ui/state.ts";

const ORDER = Object.keys(PARTS) as (keyof Parts)[];

/** Where the money came from: the parts of profit and loss, which add up to what the ledger has. */
export function Attribution(): JSX.Element {
  const { store, choose } = usePage("tables", "link");
  const given = store.tables?.attribution;
  const total = given?.total;
  return (
    <Panel
      id="pnl"
      hotkey="6"
      title="Where the money came from"
      state={stateOf(store, total === undefined ? undefined : total.trades, "Nothing has been traded yet.")}
      aside={total !== undefined && <LedgerWord total={total} ledger={given!.ledger} />}
    >
      {total !== undefined && given !== undefined && (
        <>
          <Waterfall row={total} />
          <table class="grid pnl-rows">
            <thead>
              <tr>
                <th>Market</th>
                <th>Strategy</th>
                <th class="n">Trades</th>
                <th class="n wide-only">Volume</th>
                <th class="n wide-only">Fees</th>
                <th class="n">Realized</th>
                <th class="n">Open</th>
                <th class="n">P&L</th>
              </tr>
            </thead>
            <tbody>
              {given.rows.map((row) => (
                <tr key={`${row.market} ${row.strategy}`} title={partsText(row.parts)}>
                  <td>
                    <button
                      type="button"
                      class="link-button"
                      onClick={() => {
                        choose(row.market);
                      }}
                    >
                      {row.label}
                    </button>
                  </td>
                  <td class="muted">{row.strategy}</td>
                  <td class="n">{count(row.trades)}</td>
                  <td class="n wide-only">{money(row.volume)}</td>
                  <td class="n wide-only">{money(row.fees)}</td>
                  <td class="n">{money(row.realized, true)}</td>
                  <td class="n">{money(row.unrealized, true)}</td>
                  <td class={`n ${tone(row.pnl)}`}>{money(row.pnl, true)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td>
                  Total
                  {given.rebatesDue > 0 && (
                    <span class="sub">and {money(given.rebatesDue)} of rebates due</span>
                  )}
                </td>
                <td />
                <td class="n">{count(total.trades)}</td>
                <td class="n wide-only">{money(total.volume)}</td>
                <td class="n wide-only">{money(total.fees)}</td>
                <td class="n">{money(total.realized, true)}</td>
                <td class="n">{money(total.unrealized, true)}</td>
                <td class={`n ${tone(total.pnl)}`}>{money(total.pnl, true)}</td>
              </tr>
            </tfoot>
          </table>
        </>
      )}
    </Panel>
  );
}

function LedgerWord({ total, ledger }: { readonly total: PnlRow; readonly ledger: number }): JSX.Element {
  const parts = ORDER.reduce((sum, part) => sum + total.parts[part], 0);
  if (parts === total.pnl && total.pnl === ledger)
    return <span class="up">✓ adds up to the ledger: {exactMoney(ledger, true)}</span>;
  return (
    <b class="alarm" role="alert">
      ✗ parts {exactMoney(parts, true)}, ledger {exactMoney(ledger, true)}
    </b>
  );
}

/** The parts as bars that go on from one another, from nothing to the total. */
function Waterfall({ row }: { readonly row: PnlRow }): JSX.Element {
  const steps = waterfall(row);
  const shown = steps.filter(({ value, part }) => value !== 0 || part === "edge" || part === "fees");
  const low = Math.min(0, ...steps.map(({ from, to }) => Math.min(from, to)));
  const high = Math.max(1, ...steps.map(({ from, to }) => Math.max(from, to)));
  const at = (micros: number): number => ((micros - low) / (high - low)) * 100;
  const bar = (from: number, to: number): Record<string, string> => ({
    left: `${at(Math.min(from, to)).toFixed(2)}%`,
    width: `${Math.max(0.4, Math.abs(at(to) - at(from))).toFixed(2)}%`,
  });
  return (
    <dl class="waterfall">
      {shown.map(({ part, value, from, to }) => (
        <div key={part} title={PARTS[part].what}>
          <dt>{PARTS[part].name}</dt>
          <dd class="bar-cell">
            <span class="zero" style={{ left: `${at(0).toFixed(2)}%` }} />
            <span class={`bar ${value < 0 ? "minus" : "plus"}`} style={bar(from, to)} />
          </dd>
          <dd class={`n ${tone(value)}`}>{money(value, true)}</dd>
        </div>
      ))}
      <div class="total">
        <dt>P&L</dt>
        <dd class="bar-cell">
          <span class="zero" style={{ left: `${at(0).toFixed(2)}%` }} />
          <span class={`bar ${row.pnl < 0 ? "minus" : "plus"}`} style={bar(0, row.pnl)} />
        </dd>
        <dd class={`n ${tone(row.pnl)}`}>{money(row.pnl, true)}</dd>
      </div>
    </dl>
  );
}

/** Each part with where its bar begins and ends. */
export function waterfall(row: PnlRow): readonly {
  readonly part: keyof Parts;
  readonly value: number;
  readonly from: number;
  readonly to: number;
}[] {
  let at = 0;
  return ORDER.map((part) => {
    const from = at;
    at += row.parts[part];
    return { part, value: row.parts[part], from, to: at };
  });
}

function partsText(parts: Parts): string {
  return ORDER.filter((part) => parts[part] !== 0)
    .map((part) => `${PARTS[part].name} ${exactMoney(parts[part], true)}`)
    .join("\n");
}

function tone(micros: number): string {
  return micros > 0 ? "up" : micros < 0 ? "down" : "faint";
}
