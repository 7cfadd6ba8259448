import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { MarketRow } from "../frames.ts";
import { lapse, shares } from "../text/format.ts";
import { usePage } from "../ui/page.ts";
import { Panel } from "../ui/panel.tsx";
import { chartState } from "../ui/state.ts";
import { ChartSet } from "./chartSet.ts";
import { Readout } from "./readout.tsx";
import { SPANS, type Span } from "./view.ts";

interface TruthChartProps {
  /** Changes when other colours are shown. */
  readonly theme: number;
  readonly onHalt: (market: { readonly id: string; readonly label: string }) => void;
}

/** Truth against market: what the market thinks, what the model thinks, what happened, and what we did about it. */
export function TruthChart({ theme, onHalt }: TruthChartProps): JSX.Element {
  const { store } = usePage("hello", "chosen", "tables", "link");
  const [span, setSpan] = useState<Span>("all");
  const [zoomed, setZoomed] = useState(false);
  const [pointed, setPointed] = useState<number | null>(null);
  const [, setTurn] = useState(0);
  const hosts = useRef<Partial<Record<"price" | "edge" | "age" | "position", HTMLDivElement | null>>>({});
  const set = useRef<ChartSet | undefined>(undefined);
  const empty = store.chart.t.length === 0;

  useLayoutEffect(() => {
    if (empty) return undefined;
    const { price, edge, age, position } = hosts.current;
    if (!price || !edge || !age || !position) return undefined;
    const charts = new ChartSet(
      { price, edge, age, position },
      store.chart,
      () => store.hello?.sources ?? [],
      {
        pointed: setPointed,
        zoomed: setZoomed,
      },
    );
    set.current = charts;
    charts.setSpan(span);
    charts.update();
    const sized = new ResizeObserver(() => {
      charts.resize();
    });
    sized.observe(price);
    return () => {
      sized.disconnect();
      charts.destroy();
      set.current = undefined;
    };
  }, [empty, store]);

  useEffect(() => {
    let due = 0;
    let timer: number | undefined;
    const draw = (): void => {
      timer = undefined;
      due = performance.now() + (set.current?.pace() ?? 0);
      set.current?.update();
      setTurn((turn) => turn + 1);
    };
    const end = store.subscribe("chart", () => {
      timer ??= window.setTimeout(draw, Math.max(0, due - performance.now()));
    });
    draw();
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [store]);

  useEffect(() => set.current?.recolour(), [theme]);

  const name = store.hello?.markets.find(({ id }) => id === store.chosen);
  const row = store.tables?.markets.find(({ id }) => id === store.chosen);
  const { t } = store.chart;
  const reach = Math.max(1_500, ((t.at(-1) ?? 0) - (t[0] ?? 0)) / 250);
  return (
    <Panel
      id="chart"
      hotkey="1"
      title={name === undefined ? "Truth against market" : name.label}
      state={chartState(store)}
      beside={
        row !== undefined && (
          <Terms
            title={name?.title ?? row.label}
            row={row}
            controls={store.hello?.controls === true}
            onHalt={onHalt}
          />
        )
      }
      aside={
        <div class="choices" role="group" aria-label="Stretch of time">
          {zoomed && <span class="faint">zoomed · double-click ends it</span>}
          {SPANS.map((each) => (
            <button
              type="button"
              key={each.label}
              aria-pressed={!zoomed && span === each.span}
              onClick={() => {
                setSpan(each.span);
                set.current?.setSpan(each.span);
              }}
            >
              {each.label}
            </button>
          ))}
        </div>
      }
    >
      <Readout data={store.chart} index={pointed} sources={store.hello?.sources ?? []} reach={reach} />
      <div
        class="lanes"
        tabIndex={0}
        role="img"
        aria-label={`${name?.label ?? "Market"}: mid, model probability, events, orders and fills over time. Arrow keys move along it.`}
        onKeyDown={(event) => {
          const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
          if (event.key === "Escape") set.current?.leave();
          if (by === 0) return;
          event.preventDefault();
          event.stopPropagation();
          set.current?.move(event.shiftKey ? by * 20 : by);
        }}
        onBlur={() => set.current?.leave()}
      >
        {(["price", "edge", "age", "position"] as const).map((lane) => (
          <div
            class={`lane lane-${lane}`}
            key={lane}
            style={lane === "age" ? { height: `${String(10 + 12 * (1 + store.chart.ages.length))}px` } : {}}
          >
            <span class="lane-name">{LANE_NAMES[lane]}</span>
            <div class="lane-plot" ref={(host) => void (hosts.current[lane] = host)} />
          </div>
        ))}
      </div>
      <ul class="legend">
        <li class="key-mid">market mid</li>
        <li class="key-p">model p ± sd</li>
        <li class="key-micro">microprice</li>
        <li class="key-event">▲▼◆ match event</li>
        <li class="key-fill">▲ long ▼ short fill, hollow: maker</li>
        <li class="key-order">– order</li>
        <li class="key-gap">gap or stale</li>
        <li class="key-halt">halt</li>
      </ul>
    </Panel>
  );
}

/** On what terms the market is traded. */
function Terms({
  title,
  row,
  controls,
  onHalt,
}: {
  /** As the venue has it. */
  readonly title: string;
  readonly row: MarketRow;
  readonly controls: boolean;
  readonly onHalt: TruthChartProps["onHalt"];
}): JSX.Element {
  return (
    <span class="terms muted">
      {title !== row.label && <span class="market-title">{title}</span>}
      fee {(row.feePpm / 10_000).toFixed(1)} % · delay{" "}
      {row.takerDelayMs === 0 ? "none" : lapse(row.takerDelayMs)} ·{" "}
      {shares(Math.round(row.liquidity / 1_000_000) * 1_000_000)} within 1¢
      {controls && row.state !== "RESOLVED" && (
        <>
          {" · "}
          <button
            type="button"
            class="link-button"
            onClick={() => {
              onHalt(row);
            }}
          >
            halt…
          </button>
        </>
      )}
    </span>
  );
}

const LANE_NAMES = { price: "", edge: "Edge after fee", age: "Silence", position: "Position" };
