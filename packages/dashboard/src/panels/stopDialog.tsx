import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ActionAnswer, ActionOrder } from "../frames.ts";
import { REASON_LENGTH, type Outcome } from "../store/index.ts";
import { plural, price, shares, shortId } from "../text/format.ts";
import { RESULTS } from "../text/words.ts";
import { HoldButton } from "../ui/holdButton.tsx";
import { usePage } from "../ui/page.ts";

/** What is about to be ordered. */
export interface StopAsk {
  readonly action: ActionAnswer["action"];
  /** Of a halt. */
  readonly market?: { readonly id: string; readonly label: string };
}

const TITLES: Readonly<Record<ActionAnswer["action"], string>> = {
  kill: "Kill this run",
  "stop-entry": "Stop entries",
  halt: "Halt a market",
};

const MEANS: Readonly<Record<ActionAnswer["action"], string>> = {
  kill: "Every order is cancelled, that none is open is proven, and the run stays stopped, also after a restart. What is held is kept.",
  "stop-entry": "Nothing new is begun. What is held may still be reduced or hedged.",
  halt: "Its orders are cancelled and nothing new is placed in it.",
};

/** Asks for the reason, has the button held, and shows what became of each order. Nothing is resumed from here. */
export function StopDialog({
  ask,
  onClose,
}: {
  readonly ask: StopAsk;
  readonly onClose: () => void;
}): JSX.Element {
  const { store, order } = usePage("answers", "link", "tables");
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const [id, setId] = useState<string | undefined>(undefined);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const outcome = id === undefined ? undefined : store.answers.get(id);
  const given = reason.trim();
  const open = store.tables?.header.openOrders ?? 0;
  const run = store.hello?.run ?? "";
  const pending = outcome?.kind === "asked";
  const past = store.play !== undefined && store.play.state !== "follow";
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (id !== undefined && !pending) close.current?.focus();
  }, [id, pending]);
  return (
    <dialog
      ref={dialog}
      class={`stop-dialog stop-${ask.action}`}
      aria-labelledby="stop-title"
      onClose={onClose}
    >
      <h2 id="stop-title">
        {TITLES[ask.action]}
        {ask.market !== undefined && `: ${ask.market.label}`}
      </h2>
      {id === undefined ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
          }}
        >
          <p>
            {MEANS[ask.action]}{" "}
            {past && <b class="caution">This page shows the past; what you order happens now. </b>}
            {ask.action !== "stop-entry" && ask.market === undefined && !past && (
              <b>
                {open === 0
                  ? "No order is open now."
                  : `${plural(open, "order")} ${open === 1 ? "is" : "are"} open now.`}
              </b>
            )}
          </p>
          <label>
            <span>Reason, for the journal</span>
            <input
              type="text"
              value={reason}
              maxLength={REASON_LENGTH}
              autocomplete="off"
              onInput={(event) => {
                setReason(event.currentTarget.value);
              }}
            />
          </label>
          <p class="muted">
            To go on afterwards: <code>matchpoint resume</code> in a terminal. It is not possible from a
            browser.
          </p>
          <div class="dialog-buttons">
            <button type="button" onClick={() => dialog.current?.close()}>
              Leave it
            </button>
            <HoldButton
              class={ask.action === "kill" ? "danger" : "careful"}
              label={given === "" ? "Type a reason first" : `Hold to ${WORDS[ask.action]}`}
              holding="Keep holding…"
              disabled={given === ""}
              onHeld={() => {
                setId(order(ask.action, given, ask.market?.id));
              }}
            />
          </div>
        </form>
      ) : (
        <>
          <Result outcome={outcome} run={run} />
          <div class="dialog-buttons">
            <button type="button" ref={close} onClick={() => dialog.current?.close()}>
              Close
            </button>
          </div>
        </>
      )}
    </dialog>
  );
}

const WORDS: Readonly<Record<ActionAnswer["action"], string>> = {
  kill: "kill",
  "stop-entry": "stop entries",
  halt: "halt",
};

function Result({
  outcome,
  run,
}: {
  readonly outcome: Outcome | undefined;
  readonly run: string;
}): JSX.Element {
  if (outcome === undefined || outcome.kind === "asked")
    return (
      <p role="status" class="asked">
        Telling {run}… If this takes long: <code>matchpoint kill</code> in a terminal needs no page. What
        comes of it is shown also when this is closed.
      </p>
    );
  if (outcome.kind === "refused" || outcome.kind === "unknown")
    return (
      <p role="alert" class="alarm">
        <b>{outcome.kind === "refused" ? "Refused, nothing was stopped: " : "Not known: "}</b>
        {outcome.text}
      </p>
    );
  const { answer } = outcome;
  return (
    <div role="alert">
      <p class={answer.ok ? "up" : "alarm"}>
        <b>
          {answer.ok ? "✓" : "✗"} {answer.text}
        </b>
      </p>
      {answer.orders.length > 0 && (
        <table class="grid results">
          <thead>
            <tr>
              <th>Order</th>
              <th class="n">Rest</th>
              <th class="n">Price</th>
              <th>Became</th>
            </tr>
          </thead>
          <tbody>
            {answer.orders.map((each) => (
              <OrderResult key={each.intent} order={each} />
            ))}
          </tbody>
        </table>
      )}
      {!answer.ok && (
        <p class="alarm">
          An order whose end is not proven counts as open. Look at the venue, or run{" "}
          <code>matchpoint kill</code> in a terminal.
        </p>
      )}
    </div>
  );
}

function OrderResult({ order }: { readonly order: ActionOrder }): JSX.Element {
  const { word, good } = RESULTS[order.result];
  return (
    <tr>
      <td class="name">
        <b class={(order.side === "buy") === (order.outcome === 0) ? "up" : "down"}>
          {order.side} {order.outcome === 0 ? "YES" : "NO"}
        </b>{" "}
        {order.label}
        <span class="sub" title={order.order ?? order.intent}>
          {shortId(order.order ?? order.intent)}
        </span>
      </td>
      <td class="n">{shares(order.rest)}</td>
      <td class="n">{price(order.price)}</td>
      <td class={good ? "" : "alarm"}>
        <b>{word}</b>
      </td>
    </tr>
  );
}
