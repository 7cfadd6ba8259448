import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { percent, plural, timeOfDay } from "../text/format.ts";
import { usePage } from "../ui/page.ts";
import { Panel } from "../ui/panel.tsx";
import { searchState } from "../ui/state.ts";
import { MarketName } from "./log.tsx";

const WAIT_MS = 200;
const LONGEST = 200;
const EVENTS = [
  "match_claim",
  "order_prepared",
  "order_report",
  "trade_report",
  "book_snapshot",
  "book_delta",
  "book_continuity",
  "market_trade",
  "market_listed",
  "market_resolution",
  "source_health",
  "venue_mode",
  "operator",
  "timer",
  "balance_report",
  "chain_report",
  "run_started",
  "run_stopped",
] as const;

/** Finds lines of the journal; choosing one goes to that moment. */
export function Search(): JSX.Element {
  const { store, send } = usePage("found", "hello", "link", "chosen");
  const [text, setText] = useState("");
  const [event, setEvent] = useState("");
  const [here, setHere] = useState(false);
  const asked = useRef(0);
  const market = here ? store.chosen : undefined;
  useEffect(() => {
    if (text.trim() === "" && event === "") return undefined;
    const timer = setTimeout(() => {
      asked.current++;
      send({
        type: "search",
        id: asked.current,
        text: text.trim(),
        ...(event === "" ? {} : { event }),
        ...(market === undefined ? {} : { market }),
      });
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [text, event, market, store.link.kind]);
  const idle = text.trim() === "" && event === "";
  const found = !idle && store.found?.id === asked.current ? store.found : undefined;
  const labels = new Map(store.hello?.markets.map(({ id, label }) => [id, label]));
  const state = searchState(store, idle ? undefined : asked.current);
  return (
    <Panel
      id="search"
      hotkey="/"
      title="Journal"
      state={state}
      always
      aside={
        found !== undefined && (
          <span class="muted" role="status">
            {found.done < 1
              ? `${percent(found.done)} looked through`
              : found.more
                ? `the newest ${String(found.hits.length)} of more`
                : plural(found.hits.length, "line")}
          </span>
        )
      }
    >
      <form
        class="search-form"
        role="search"
        onSubmit={(submitted) => {
          submitted.preventDefault();
        }}
      >
        <input
          type="search"
          id="search-text"
          value={text}
          maxLength={LONGEST}
          placeholder="text, id, order, code…"
          aria-label="Text to find in the journal"
          autocomplete="off"
          spellcheck={false}
          onInput={(input) => {
            setText(input.currentTarget.value);
          }}
        />
        <input
          type="text"
          list="search-events"
          value={event}
          placeholder="any event"
          aria-label="Event type"
          autocomplete="off"
          spellcheck={false}
          onInput={(input) => {
            setEvent(input.currentTarget.value.trim());
          }}
        />
        <datalist id="search-events">
          {EVENTS.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <button
          type="button"
          aria-pressed={here}
          onClick={() => {
            setHere(!here);
          }}
        >
          this market
        </button>
      </form>
      {idle && state.kind !== "error" && (
        <p class="panel-note empty">
          Everything that the run saw, decided and did is in its journal. Type to find it.
        </p>
      )}
      {!idle && found === undefined && state.kind === "good" && <p class="panel-note empty">Looking…</p>}
      {found?.hits.length === 0 && found.done >= 1 && <p class="panel-note empty">No line has this.</p>}
      <ol class="log found">
        {found?.hits.map((hit) => (
          <li key={hit.seq} class="log-line">
            <button
              type="button"
              title={`journal line ${String(hit.seq)}: go to this moment`}
              onClick={() => send({ type: "seek_seq", seq: hit.seq })}
            >
              <time>{timeOfDay(hit.t)}</time>
              <span class="kind">{hit.event}</span>
              <span class="log-text">
                <MarketName label={labels.get(hit.market ?? "")} text={hit.text} />
                {hit.text}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
