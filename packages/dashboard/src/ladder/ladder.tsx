import type { JSX } from "preact";
import type { LadderFrame, LadderTrade, OwnOrder } from "../frames.ts";
import { lapse, NONE, price, probability, shares, timeOfDay } from "../text/format.ts";
import { usePage } from "../ui/page.ts";
import { Panel } from "../ui/panel.tsx";
import { ladderState } from "../ui/state.ts";
import { ladderView, queueOf, type LadderRow } from "./rows.ts";

/** Levels per side. */
const DEPTH = 9;
const TRADES = 14;

/** Both outcomes as one book: a bid for one is an ask for the other. Own orders with what is before them, and the model's worth. */
export function Ladder(): JSX.Element {
  const { store } = usePage("ladder", "chosen", "hello", "link", "tables");
  const frame = store.ladder;
  const name = store.hello?.markets.find(({ id }) => id === store.chosen);
  const [yes, no] = name?.outcomes ?? ["YES", "NO"];
  return (
    <Panel
      id="ladder"
      hotkey="2"
      title="Book"
      state={ladderState(store, oldBook(frame))}
      aside={
        frame !== undefined && (
          <span class="muted">
            {frame.mirrored ? "one book" : "two books"}
            {frame.asksSum !== undefined && ` · asks ${price(frame.asksSum, frame.tick)}`}
            {frame.bidsSum !== undefined && ` · bids ${price(frame.bidsSum, frame.tick)}`}
          </span>
        )
      }
    >
      {frame !== undefined && (
        <>
          <Levels frame={frame} yes={yes} no={no} />
          {frame.other !== undefined && (
            <>
              <h3 class="sub-head">{no}: a book of its own</h3>
              <Levels
                frame={{ ...frame, ...frame.other, own: [], fair: undefined as never }}
                yes={no}
                no={yes}
                plain
              />
            </>
          )}
          <Own orders={frame.own} t={frame.t} yes={yes} no={no} tick={frame.tick} />
          <Tape trades={frame.trades} tick={frame.tick} />
        </>
      )}
    </Panel>
  );
}

/** Why a book is not to be trusted now, as the run has it. */
function oldBook(frame: LadderFrame | undefined): string | undefined {
  if (frame === undefined || frame.book === "live" || frame.book === "synthetic") return undefined;
  const age = frame.bookAgeMs === undefined ? "" : ` · ${lapse(frame.bookAgeMs)} old`;
  return `book ${frame.book}${age}`;
}

function Levels(props: {
  readonly frame: LadderFrame;
  readonly yes: string;
  readonly no: string;
  readonly plain?: boolean;
}): JSX.Element {
  const { frame, yes, no } = props;
  const { lines, largest } = ladderView(frame, props.plain === true ? 5 : DEPTH);
  return (
    <table class="ladder">
      <thead>
        <tr>
          <th class="n">ours</th>
          <th class="n">bids</th>
          <th class="price">{yes}</th>
          <th class="price">{no}</th>
          <th>asks</th>
          <th>ours</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => {
          if (line.kind === "spread")
            return (
              <tr class="spread" key="spread">
                <td colSpan={6}>
                  {line.spread === undefined
                    ? "one side is empty"
                    : `spread ${price(line.spread, frame.tick)}`}
                </td>
              </tr>
            );
          if (line.kind === "fair")
            return (
              <tr class="fair" key="fair">
                <td colSpan={6}>
                  <span class={line.among === "bids" ? "right" : "left"}>
                    model {probability(line.price / 10_000)}
                    {frame.sd !== undefined && ` ±${frame.sd.toFixed(3).slice(1)}`}
                  </span>
                </td>
              </tr>
            );
          return (
            <Level key={`${line.side}${String(line.price)}`} row={line} tick={frame.tick} largest={largest} />
          );
        })}
      </tbody>
    </table>
  );
}

function Level({
  row,
  tick,
  largest,
}: {
  readonly row: LadderRow;
  readonly tick: number;
  readonly largest: number;
}): JSX.Element {
  const bid = row.side === "bid";
  const bar = { width: `${String(Math.round((row.size / largest) * 100))}%` };
  const size = (
    <>
      <span class={`depth ${row.side}`} style={bar} />
      <span class="depth-text">{row.size === 0 ? NONE : shares(row.size)}</span>
    </>
  );
  const ours = row.own.map((order) => <OwnMark key={order.intent} order={order} level={row.size} />);
  return (
    <tr class={`level ${row.side} ${row.own.length > 0 ? "owned" : ""}`}>
      <td class="n own">{bid ? ours : ""}</td>
      <td class="n size">{bid ? size : ""}</td>
      <td class={`price ${bid ? "up" : "muted"}`}>{price(row.price, tick)}</td>
      <td class={`price ${bid ? "muted" : "down"}`}>{price(10_000 - row.price, tick)}</td>
      <td class="size">{bid ? "" : size}</td>
      <td class="own">{bid ? "" : ours}</td>
    </tr>
  );
}

function OwnMark({ order, level }: { readonly order: OwnOrder; readonly level: number }): JSX.Element {
  const queue = queueOf(order, level);
  return (
    <span class="own-mark" title={`${order.side} ${order.status}: ${order.reason}`}>
      <b>{shares(order.size - order.matched)}</b>
      {queue !== undefined && <span class="muted"> after {shares(queue.ahead)}</span>}
    </span>
  );
}

function Own(props: {
  readonly orders: readonly OwnOrder[];
  readonly t: number;
  readonly tick: number;
  readonly yes: string;
  readonly no: string;
}): JSX.Element {
  if (props.orders.length === 0) return <p class="own-none faint">No order of ours is open here.</p>;
  return (
    <ul class="own-list">
      {props.orders.map((order) => {
        const queue = queueOf(order, order.ahead ?? 0);
        return (
          <li key={order.intent}>
            <b class={order.onSide === "bid" ? "up" : "down"}>
              {order.side === "buy" ? "buy" : "sell"} {shares(order.size)}{" "}
              {order.outcome === 0 ? props.yes : props.no} @ {price(order.price, props.tick)}
            </b>{" "}
            <span class="muted">
              {order.matched > 0 && `${shares(order.matched)} filled · `}
              {order.status.toLowerCase().replaceAll("_", " ")} · {order.purpose} · {order.strategy} ·{" "}
              {lapse(props.t - order.since)}
              {queue !== undefined && ` · ${shares(queue.ahead)} ahead`}
            </span>
            <span class="sub">{order.reason}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Tape({
  trades,
  tick,
}: {
  readonly trades: readonly LadderTrade[];
  readonly tick: number;
}): JSX.Element {
  if (trades.length === 0) return <p class="own-none faint">No public trade has been seen yet.</p>;
  return (
    <ol class="tape" aria-label="Last public trades, newest first">
      {trades.slice(0, TRADES).map((trade, i) => (
        <li key={`${String(trade.t)} ${String(i)}`}>
          <span class="faint">{timeOfDay(trade.t)}</span>
          <b class={trade.taker === "buy" ? "up" : "down"}>
            {trade.taker === "buy" ? "▲" : "▼"} {price(trade.price, tick)}
          </b>
          <span>{shares(trade.size)}</span>
        </li>
      ))}
    </ol>
  );
}
