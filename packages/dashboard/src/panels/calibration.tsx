import type { JSX } from "preact";
import type { Calibration as Facts, CalibrationBin } from "../frames.ts";
import { count, plural, probability, signed } from "../text/format.ts";
import { usePage } from "../ui/page.ts";
import { Panel } from "../ui/panel.tsx";
import { stateOf } from "../ui/state.ts";

const SIDE = 200;
const EDGE = 22;

/** Whether the model's probabilities come true, and whether it knows more than the market. */
export function Calibration(): JSX.Element {
  const { store } = usePage("tables", "link");
  const facts = store.tables?.calibration;
  return (
    <Panel
      id="calibration"
      hotkey="7"
      title="Calibration"
      state={stateOf(store, facts?.n, "Nothing has been decided yet: there is nothing to score.")}
      aside={
        facts !== undefined && (
          <span class="muted">
            {plural(facts.n, "sample")} of {plural(facts.markets, "market")}
          </span>
        )
      }
    >
      {facts !== undefined && (
        <div class="calibration">
          <Diagram bins={facts.bins} />
          <Scores facts={facts} />
        </div>
      )}
    </Panel>
  );
}

function Scores({ facts }: { readonly facts: Facts }): JSX.Element {
  const { advantage, interval } = facts;
  const sure = interval !== undefined && (interval[0] > 0 || interval[1] < 0);
  return (
    <dl class="scores">
      <div>
        <dt class="model">Brier, model</dt>
        <dd>{probability(facts.brierModel, 4)}</dd>
      </div>
      <div>
        <dt class="market">Brier, market mid</dt>
        <dd>{probability(facts.brierMid, 4)}</dd>
      </div>
      <div>
        <dt>Model's advantage</dt>
        <dd class={sure ? ((advantage ?? 0) > 0 ? "up" : "down") : ""}>{signed(advantage, 4)}</dd>
      </div>
      <div>
        <dt>95 % interval</dt>
        <dd>
          {interval === undefined ? (
            <span class="muted">needs two matches</span>
          ) : (
            `${signed(interval[0], 4)} … ${signed(interval[1], 4)}`
          )}
        </dd>
      </div>
      <p class="muted">
        {interval === undefined
          ? "One match says nothing about a model."
          : sure
            ? (advantage ?? 0) > 0
              ? "The interval is above zero: the model knew more than the market."
              : "The interval is below zero: the market knew more."
            : "The interval spans zero: no advantage is shown yet."}
      </p>
    </dl>
  );
}

function Diagram({ bins }: { readonly bins: readonly CalibrationBin[] }): JSX.Element {
  const inner = SIDE - EDGE - 6;
  const x = (value: number): number => EDGE + value * inner;
  const y = (value: number): number => 6 + (1 - value) * inner;
  const most = Math.max(1, ...bins.map(({ n }) => n));
  const line = (by: CalibrationBin["by"]): string =>
    bins
      .filter((bin) => bin.by === by)
      .map((bin, i) => `${i === 0 ? "M" : "L"}${x(bin.said).toFixed(1)} ${y(bin.was).toFixed(1)}`)
      .join("");
  return (
    <svg
      class="diagram"
      viewBox={`0 0 ${String(SIDE)} ${String(SIDE)}`}
      role="img"
      aria-label="Reliability: how often it came about against what was said"
    >
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <g key={tick}>
          <line class="grid-line" x1={x(tick)} x2={x(tick)} y1={y(0)} y2={y(1)} />
          <line class="grid-line" x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} />
        </g>
      ))}
      <line class="perfect" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
      <path class="line-mid" d={line("mid")} />
      <path class="line-model" d={line("model")} />
      {bins.map((bin) => {
        const r = 2 + 4 * Math.sqrt(bin.n / most);
        const text = `${bin.by}: said ${bin.said.toFixed(3)}, was ${bin.was.toFixed(3)}, ${count(bin.n)} samples`;
        return bin.by === "model" ? (
          <circle key={`m${String(bin.from)}`} class="dot-model" cx={x(bin.said)} cy={y(bin.was)} r={r}>
            <title>{text}</title>
          </circle>
        ) : (
          <rect
            key={`q${String(bin.from)}`}
            class="dot-mid"
            x={x(bin.said) - r}
            y={y(bin.was) - r}
            width={2 * r}
            height={2 * r}
          >
            <title>{text}</title>
          </rect>
        );
      })}
      <text class="axis-text" x={x(0)} y={SIDE - 6}>
        0
      </text>
      <text class="axis-text" x={x(1)} y={SIDE - 6} text-anchor="end">
        said 1
      </text>
      <text class="axis-text" x={EDGE - 4} y={y(1) + 8} text-anchor="end">
        1
      </text>
      <text class="axis-text" x={EDGE - 4} y={y(0.5) + 3} text-anchor="end">
        was
      </text>
    </svg>
  );
}
