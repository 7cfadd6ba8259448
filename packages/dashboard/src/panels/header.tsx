import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Header as Facts, HelloFrame, Realism } from "../frames.ts";
import { QUIET_MS, type Link, type Store } from "../store/index.ts";
import { clock, count, money, percent, plural, signed, timeOfDay } from "../text/format.ts";
import { ACTIONS, stateWord, STOPS, toneOf } from "../text/words.ts";
import { Guard } from "../ui/guard.tsx";
import { usePage } from "../ui/page.ts";
import type { ThemeChoice } from "../ui/theme.ts";

interface HeaderProps {
  readonly theme: ThemeChoice;
  readonly onTheme: () => void;
  readonly onKill: () => void;
  readonly onStopEntry: () => void;
  readonly onHelp: () => void;
}

/** One sentence of truth: what this is, whether it may trade, whether it sees, and what it has at stake. */
export function Header(props: HeaderProps): JSX.Element {
  const { store } = usePage("link", "hello", "tables", "play", "error");
  const { hello, tables, link } = store;
  const facts = tables?.header;
  const mode = facts?.mode ?? hello?.mode;
  const quiet = useQuiet(store);
  const { play } = store;
  // At the end of a run that has ended there is nothing later.
  const past =
    play !== undefined && play.state !== "follow" && (hello?.state === "growing" || play.t < play.to);
  const seeking = play?.state === "seeking" ? (play.done ?? 0) : undefined;
  return (
    <header class="top" data-mode={mode} data-killed={facts?.killed === true}>
      <div class="top-line">
        <span class={`mode mode-${mode ?? "none"}`}>
          {mode === undefined ? "MATCHPOINT" : mode.toUpperCase()}
        </span>
        {hello !== undefined && (
          <span class="run" title={`journal ${hello.journal}`}>
            {hello.run}
          </span>
        )}
        <Guard title="The connection">
          <LinkWord
            over={store.error?.last === true}
            link={link}
            hello={hello}
            past={past}
            quiet={quiet}
            seeking={seeking}
            t={tables?.t}
          />
        </Guard>
        <div class="top-buttons">
          <button
            type="button"
            class="plain"
            onClick={props.onHelp}
            aria-label="Keys and help"
            title="Keys and help (?)"
          >
            ?
          </button>
          <button
            type="button"
            class="plain"
            onClick={props.onTheme}
            title={`Theme: ${props.theme} (t)`}
            aria-label={`Theme: ${props.theme}`}
          >
            {props.theme === "dark" ? "◐ dark" : props.theme === "light" ? "◑ light" : "◓ auto"}
          </button>
          {hello?.controls === true && (
            <>
              <button
                type="button"
                class="stop-entry"
                onClick={props.onStopEntry}
                title="Begin nothing new (Shift+E)"
              >
                Stop entries…
              </button>
              <button
                type="button"
                class="kill-button"
                onClick={props.onKill}
                title="Cancel everything and stay stopped (Shift+K)"
              >
                Kill…
              </button>
            </>
          )}
        </div>
      </div>
      <Guard title="The state">
        {facts !== undefined && <Sentence facts={facts} realism={hello?.realism} />}
      </Guard>
    </header>
  );
}

function useQuiet(store: Store): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      const ms = Date.now() - store.heardAt;
      setSeconds(store.heardAt > 0 && ms > QUIET_MS ? Math.floor(ms / 1_000) : 0);
    }, 1_000);
    return () => {
      clearInterval(timer);
    };
  }, [store]);
  return seconds;
}

function LinkWord({
  over,
  link,
  hello,
  past,
  quiet,
  seeking,
  t,
}: {
  /** Whether nothing more comes. */
  readonly over: boolean;
  readonly link: Link;
  readonly hello: HelloFrame | undefined;
  readonly past: boolean;
  /** Whole seconds since the thread last said anything, once they are many. */
  readonly quiet: number;
  /** The part that is done of a move in time; undefined: none is under way. */
  readonly seeking: number | undefined;
  readonly t: number | undefined;
}): JSX.Element {
  const shown = t === undefined ? "" : `; what is shown is of ${timeOfDay(t)} UTC`;
  if (link.kind === "lost")
    return (
      <span class="link alarm" role="status">
        ● not connected since {timeOfDay(link.since)}; trying again{shown}
      </span>
    );
  if (link.kind === "connecting") return <span class="link muted">○ connecting…</span>;
  if (link.kind === "refused") return <span class="link alarm">● not connected{shown}</span>;
  if (over)
    return (
      <span class="link alarm" role="status">
        ● nothing more comes{shown}
      </span>
    );
  if (seeking !== undefined)
    return (
      <span class="link caution" role="status">
        ◌ moving in time, {percent(seeking)}; what is shown is of {timeOfDay(t)} UTC
      </span>
    );
  if (past)
    return (
      <span class="link caution" role="status">
        ◆ the run as it was at {timeOfDay(t)} UTC
      </span>
    );
  if (hello?.state === "ended") return <span class="link muted">■ ended at {timeOfDay(hello.to)} UTC</span>;
  if (hello?.state === "broken_off")
    return <span class="link caution">■ broken off at {timeOfDay(hello.to)} UTC</span>;
  if (quiet > 0)
    return (
      <span class="link caution" role="status">
        ● nothing new for {quiet} s, since {timeOfDay(t)} UTC
      </span>
    );
  return <span class="link up">● live {t === undefined ? "" : `${timeOfDay(t)} UTC`}</span>;
}

function Sentence({
  facts,
  realism,
}: {
  readonly facts: Facts;
  readonly realism: Realism | undefined;
}): JSX.Element {
  const skew = facts.skewMs;
  return (
    <p class="sentence">
      <Fact name="system" tone={facts.killed ? "alarm" : toneOf(facts.system)}>
        {facts.killed ? "KILLED" : stateWord(facts.system)}
      </Fact>
      <Fact name="venue" tone={toneOf(facts.venue)}>
        {stateWord(facts.venue)}
      </Fact>
      <Fact
        name="feeds"
        tone={facts.feedsOk === facts.feeds ? "good" : facts.feedsOk === 0 ? "alarm" : "caution"}
      >
        {facts.feedsOk}/{facts.feeds} ok
      </Fact>
      {realism !== undefined && <RealismFact realism={realism} />}
      <Fact name="clock" tone={skew === undefined ? "quiet" : Math.abs(skew) > 500 ? "alarm" : "plain"}>
        {skew === undefined ? "not measured" : signed(skew, 0, " ms")}
      </Fact>
      <Fact name="at risk">{money(facts.exposure)}</Fact>
      <Fact name="today" tone={gain(facts.today)}>
        {money(facts.today, true)}
      </Fact>
      <Fact name="P&L" tone={gain(facts.pnl)}>
        {money(facts.pnl, true)}
      </Fact>
      <Fact name="drawdown">{money(facts.drawdown)}</Fact>
      <Fact name="open">{plural(facts.openOrders, "order")}</Fact>
      <Fact name="fills">{count(facts.fills)}</Fact>
      <Fact name="denied">{count(facts.denied)}</Fact>
      <Fact name="alarms" tone={facts.alarms > 0 ? "alarm" : "plain"}>
        {count(facts.alarms)}
      </Fact>
      <Fact name="up">{clock(facts.uptimeMs)}</Fact>
    </p>
  );
}

/** How real the venue on paper is: what is left out costs nothing here, and would there. */
function RealismFact({ realism: { parts, off, weakened } }: { readonly realism: Realism }): JSX.Element {
  const whole = off.length + weakened.length === 0;
  const said = [
    ...(off.length === 0 ? [] : [`${off.length} of ${parts} OFF (${off.join(", ")})`]),
    ...(weakened.length === 0 ? [] : [`${weakened.length} of ${parts} weakened (${weakened.join(", ")})`]),
  ];
  return (
    <Fact name="realism" tone={whole ? "quiet" : "caution"}>
      {whole ? `all ${parts} parts on` : said.join("; ")}
    </Fact>
  );
}

function gain(micros: number): "up" | "down" | "plain" {
  return micros > 0 ? "up" : micros < 0 ? "down" : "plain";
}

function Fact({
  name,
  tone = "plain",
  children,
}: {
  readonly name: string;
  readonly tone?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <span class="fact">
      <span class="fact-name">{name}</span> <b class={`tone-${tone}`}>{children}</b>
    </span>
  );
}

/** What is stopped and what ends it; what cannot be shown; what the thread wants to say. */
export function Notices(): JSX.Element {
  const { store } = usePage("hello", "tables", "error", "link", "answers");
  const answered = store.answers.get(store.lastAnswer ?? "");
  const stops = (store.tables?.stops ?? []).filter(({ what }) => what !== "market");
  const { error, link } = store;
  return (
    <div class="notices">
      {link.kind === "refused" && (
        <p class="notice alarm-notice" role="alert">
          {link.text}
        </p>
      )}
      {error !== undefined && (
        <p class="notice alarm-notice" role="alert">
          <b>{error.code}</b> {error.text}
          {!error.last && (
            <button
              type="button"
              class="plain"
              onClick={() => {
                store.dismissError();
              }}
            >
              Close
            </button>
          )}
        </p>
      )}
      {answered?.kind === "answered" && (
        <p class={`notice ${answered.answer.ok ? "good-notice" : "alarm-notice"}`} role="status">
          <b>{ACTIONS[answered.answer.action]}</b> {answered.answer.text}
          <button
            type="button"
            class="plain"
            onClick={() => {
              store.dismissAnswer();
            }}
          >
            Close
          </button>
        </p>
      )}
      {stops.map((stop) => (
        <p
          key={`${stop.what} ${stop.of ?? ""}`}
          class={`notice ${stop.what === "kill" ? "alarm-notice" : "caution-notice"}`}
          role="status"
        >
          <b>
            {STOPS[stop.what]}
            {stop.of === undefined ? "" : ` (${stop.of})`}
            {stop.since === undefined ? "" : ` since ${timeOfDay(stop.since)}`}:
          </b>
          <span>{stop.reason}</span>
          <span class="muted">ends by: {stop.clears}</span>
        </p>
      ))}
      {(store.hello?.lacks ?? []).map((lack) => (
        <p key={lack} class="notice caution-notice">
          {lack}
        </p>
      ))}
    </div>
  );
}
