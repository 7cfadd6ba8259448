import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { coloursNow, ON_THE_RIGHT } from "../chart/index.ts";
import { money, timeOfDay } from "../text/format.ts";
import { usePage } from "../ui/page.ts";
import { Panel } from "../ui/panel.tsx";
import { equityState } from "../ui/state.ts";

const DRAW_MS = 500;

/** The account over time, with what it was below its highest. */
export function Equity({ theme }: { readonly theme: number }): JSX.Element {
  const { store } = usePage("tables", "hello", "link");
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const empty = store.equity.t.length < 2;
  useLayoutEffect(() => {
    const element = host.current;
    if (empty || element === null) return undefined;
    let colours = coloursNow();
    const data = (): uPlot.AlignedData => {
      const { t, equity, realized, drawdown } = store.equity;
      const under = equity.map((value, i) => {
        const down = drawdown[i];
        return value === null || down === null || down === undefined ? null : value + down;
      });
      return [t, under, equity, realized.map((value) => (value === null ? null : value + (equity[0] ?? 0)))];
    };
    const made = new uPlot(
      options(element, () => colours),
      data(),
      element,
    );
    plot.current = made;
    let due = 0;
    let timer: number | undefined;
    const end = store.subscribe("equity", () => {
      timer ??= window.setTimeout(
        () => {
          timer = undefined;
          due = performance.now() + DRAW_MS;
          made.setData(data());
        },
        Math.max(0, due - performance.now()),
      );
    });
    const sized = new ResizeObserver(() => {
      made.setSize({ width: Math.max(80, element.clientWidth), height: element.clientHeight });
    });
    sized.observe(element);
    const recolour = (): void => {
      colours = coloursNow();
      made.redraw(false, true);
    };
    element.addEventListener("recolour", recolour);
    return () => {
      end();
      clearTimeout(timer);
      sized.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [empty, store]);
  useEffect(() => {
    host.current?.dispatchEvent(new Event("recolour"));
  }, [theme]);
  const header = store.tables?.header;
  return (
    <Panel
      id="equity"
      title="Equity"
      state={equityState(store)}
      aside={
        header !== undefined && (
          <span class="muted">
            <span class="strong">{money(header.equity)}</span> · {money(header.drawdown)} below its highest ·{" "}
            <span class="up">realized</span> dashed
          </span>
        )
      }
    >
      <div class="equity-plot" ref={host} role="img" aria-label="Equity over time, and its highest so far" />
    </Panel>
  );
}

function options(element: HTMLElement, colours: () => ReturnType<typeof coloursNow>): uPlot.Options {
  const axis = { gap: 4, font: "11px sans-serif", ticks: { show: false } };
  return {
    width: Math.max(80, element.clientWidth),
    height: element.clientHeight,
    ms: 1,
    padding: [8, 0, 0, 8],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: false },
      y: {
        range: (_u, least, greatest) => {
          const room = Math.max(500_000, (greatest - least) * 0.1);
          return [least - room, greatest + room];
        },
      },
    },
    axes: [
      {
        ...axis,
        size: 22,
        space: 80,
        stroke: () => colours().muted,
        grid: { stroke: () => colours().lineSoft, width: 1 },
        values: (_u, splits) => splits.map((t) => timeOfDay(t).slice(0, 5)),
      },
      {
        ...axis,
        ...ON_THE_RIGHT,
        size: 62,
        space: 26,
        stroke: () => colours().muted,
        grid: { stroke: () => colours().lineSoft, width: 1 },
        values: (_u, splits) => splits.map((value) => money(value)),
      },
    ],
    series: [
      {},
      { stroke: () => colours().faint, width: 1, dash: [2, 3], points: { show: false } },
      { stroke: () => colours().text, width: 1.6, points: { show: false } },
      { stroke: () => colours().up, width: 1, dash: [5, 3], points: { show: false } },
    ],
    bands: [{ series: [1, 2], fill: () => colours().halt }],
  };
}
