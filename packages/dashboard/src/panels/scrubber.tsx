import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MoveFrame, PlayFrame, PlaySpeed } from "../frames.ts";
import { clock, percent, timeOfDay } from "../text/format.ts";
import { isMilestone, STEPS } from "../text/words.ts";
import { usePage } from "../ui/page.ts";

export const SPEEDS: readonly PlaySpeed[] = [0.25, 0.5, 1, 2, 5, 10, 25, 50, 100];
/** How long a hand rests before the run is taken to where it points: getting there runs the whole fold. */
const REST_MS = 180;

/** What a step goes to. */
export type StepTo = (typeof STEPS)[number]["to"];

interface ScrubberProps {
  readonly step: StepTo;
  readonly onStep: (step: StepTo) => void;
}

/** Where the page stands in the run's time, and how to move in it. */
export function Scrubber({ step, onStep }: ScrubberProps): JSX.Element {
  const { store, send } = usePage("play", "hello", "link", "error");
  const [drag, setDrag] = useState<number | undefined>(undefined);
  const timer = useRef<number | undefined>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  const { play } = store;
  // Without an answer nothing moves: buttons that do nothing would only seem to.
  const lost =
    store.link.kind === "lost" || store.link.kind === "refused"
      ? "not connected"
      : store.error?.last === true
        ? "nothing more comes"
        : undefined;
  if (play === undefined)
    return (
      <footer class="scrubber" data-state="none" aria-label="Time of the run">
        <span class={lost === undefined ? "muted" : "alarm"}>{lost ?? "Waiting for the run\u2026"}</span>
      </footer>
    );
  const go = (frame: MoveFrame): void => void send(frame);
  const t = drag ?? play.t;
  const length = Math.max(1, play.to - play.from);
  const growing = store.hello?.state === "growing";
  const on = play.state === "playing" || (play.state === "follow" && growing);
  return (
    <footer class="scrubber" data-state={play.state} aria-label="Time of the run">
      <div class="scrub-buttons">
        <button
          type="button"
          disabled={lost !== undefined}
          title="Back to the last (,)"
          aria-label={`Back to the last ${step}`}
          onClick={() => {
            go({ type: "step", to: step, back: true });
          }}
        >
          ◀◀
        </button>
        <button
          type="button"
          disabled={lost !== undefined}
          class="play"
          title="Play or pause (space)"
          aria-label={on ? "Pause" : "Play"}
          onClick={() => {
            for (const frame of pressPlay(play, growing)) go(frame);
          }}
        >
          {on ? "❚❚" : "▶"}
        </button>
        <button
          type="button"
          disabled={lost !== undefined}
          title="On to the next (.)"
          aria-label={`On to the next ${step}`}
          onClick={() => {
            go({ type: "step", to: step });
          }}
        >
          ▶▶
        </button>
        <select
          aria-label="Step to"
          disabled={lost !== undefined}
          value={step}
          onChange={(event) => {
            onStep(event.currentTarget.value as StepTo);
          }}
        >
          {STEPS.map(({ to, name }) => (
            <option key={to} value={to}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="scrub-track">
        <Milestones from={play.from} length={length} />
        <input
          type="range"
          disabled={lost !== undefined}
          min={play.from}
          max={play.to}
          step={Math.max(1, Math.floor(length / 2_000))}
          value={t}
          aria-label="Moment"
          aria-valuetext={`${clock(t - play.from)} of ${clock(length)}`}
          onInput={(event) => {
            const to = Number(event.currentTarget.value);
            setDrag(to);
            clearTimeout(timer.current);
            timer.current = window.setTimeout(() => {
              setDrag(undefined);
              go({ type: "seek", t: to });
            }, REST_MS);
          }}
        />
      </div>
      <div class="scrub-time">
        <span class="strong">{timeOfDay(t)}</span>
        <span class="muted">
          {clock(t - play.from)} / {clock(length)}
        </span>
      </div>
      <div class="scrub-speed">
        {lost === undefined ? <Progress play={play} /> : <span class="alarm">{lost}</span>}
        <select
          aria-label="Speed"
          disabled={lost !== undefined}
          value={String(play.speed)}
          onChange={(event) => {
            go({ type: "speed", speed: Number(event.currentTarget.value) as PlaySpeed });
          }}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={String(speed)}>
              {speed}×
            </option>
          ))}
        </select>
        {growing && (
          <button
            type="button"
            disabled={lost !== undefined}
            class="live"
            aria-pressed={play.state === "follow"}
            title="Back to now (l)"
            onClick={() => {
              go({ type: "follow" });
            }}
          >
            live
          </button>
        )}
      </div>
    </footer>
  );
}

function Progress({ play }: { readonly play: PlayFrame }): JSX.Element | null {
  if (play.state !== "seeking") return null;
  return (
    <span class="seeking" role="status">
      seeking {play.done === undefined ? "…" : percent(play.done)}
    </span>
  );
}

/** What the button and the space bar mean: pause what runs, play what stands, and from the beginning what is at its end. */
export function pressPlay(play: PlayFrame, growing: boolean): readonly MoveFrame[] {
  if (play.state === "playing" || (play.state === "follow" && growing)) return [{ type: "pause" }];
  if (play.t < play.to) return [{ type: "play" }];
  return [{ type: "seek", t: play.from }, { type: "play" }];
}

/** Where in time something decisive happened in the market that is looked at. */
function Milestones({ from, length }: { readonly from: number; readonly length: number }): JSX.Element {
  const { store } = usePage("chart", "chosen");
  return (
    <svg class="milestones" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      {store.chart.marks.filter(isMilestone).map((mark) => (
        <rect
          key={`${mark.kind}${String(mark.seq)}`}
          class={`milestone-${mark.kind}`}
          x={(((mark.t - from) / length) * 1000).toFixed(1)}
          y={mark.kind === "fill" ? 5 : 0}
          width={2}
          height={mark.kind === "fill" ? 5 : 10}
        />
      ))}
    </svg>
  );
}
