import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { LogKind, LogLine } from "../frames.ts";
import { timeOfDay } from "../text/format.ts";
import { usePage } from "../ui/page.ts";
import { Panel } from "../ui/panel.tsx";
import { stateOf } from "../ui/state.ts";

/** Lines drawn; the journal has all of them. */
const SHOWN = 250;

const CHOICES: readonly { readonly name: string; readonly kinds: ReadonlySet<LogKind> | undefined }[] = [
  { name: "all", kinds: undefined },
  { name: "match", kinds: new Set<LogKind>(["truth", "settlement"]) },
  { name: "orders", kinds: new Set<LogKind>(["order", "fill", "denied"]) },
  { name: "trouble", kinds: new Set<LogKind>(["halt", "alarm", "feed", "state", "operator", "run"]) },
];

/** The run's story, newest first. Choosing a line goes to that moment. */
export function Log(): JSX.Element {
  const { store, send } = usePage("log", "hello", "link", "tables", "chosen");
  const [choice, setChoice] = useState(0);
  const [here, setHere] = useState(false);
  const { kinds } = CHOICES[choice]!;
  const lines = shownLines(store.log, kinds, here ? store.chosen : undefined, SHOWN);
  const labels = new Map(store.hello?.markets.map(({ id, label }) => [id, label]));
  return (
    <Panel
      id="log"
      hotkey="0"
      title="What happens"
      state={stateOf(
        store,
        store.log.length > 0 || store.tables !== undefined ? lines.length : undefined,
        store.log.length === 0 ? "Nothing has happened yet." : "Nothing of this kind has happened.",
        "log",
      )}
      aside={
        <div class="choices" role="group" aria-label="Kinds of lines">
          {CHOICES.map(({ name }, i) => (
            <button
              type="button"
              key={name}
              aria-pressed={choice === i}
              onClick={() => {
                setChoice(i);
              }}
            >
              {name}
            </button>
          ))}
          <button
            type="button"
            aria-pressed={here}
            onClick={() => {
              setHere(!here);
            }}
          >
            this market
          </button>
        </div>
      }
    >
      <ol class="log">
        {lines.map((line) => (
          <li key={`${String(line.seq)} ${line.kind} ${line.text}`} class={`log-line ${line.level}`}>
            <button
              type="button"
              title={`journal line ${String(line.seq)}: go to this moment`}
              onClick={() => send({ type: "seek_seq", seq: line.seq })}
            >
              <time>{timeOfDay(line.t)}</time>
              <span class={`kind kind-${line.kind}`}>{line.kind}</span>
              <span class="log-text">
                {!here && <MarketName label={labels.get(line.market ?? "")} text={line.text} />}
                {line.text}
                {line.code !== undefined && <code> {line.code}</code>}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** Which market a line is about, where the line itself does not begin with it. */
export function MarketName(props: {
  readonly label: string | undefined;
  readonly text: string;
}): JSX.Element | null {
  const { label, text } = props;
  return label === undefined || text.startsWith(label) ? null : <span class="log-market">{label} </span>;
}

/** The newest lines of some kinds and a market, newest first. */
export function shownLines(
  lines: readonly LogLine[],
  kinds: ReadonlySet<LogKind> | undefined,
  market: string | undefined,
  most: number,
): readonly LogLine[] {
  const shown: LogLine[] = [];
  for (let i = lines.length - 1; i >= 0 && shown.length < most; i--) {
    const line = lines[i]!;
    if (kinds !== undefined && !kinds.has(line.kind)) continue;
    if (market !== undefined && line.market !== market) continue;
    shown.push(line);
  }
  return shown;
}
