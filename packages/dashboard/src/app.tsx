import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { TruthChart } from "./chart/index.ts";
import { Ladder } from "./ladder/index.ts";
import {
  Attribution,
  Calibration,
  Equity,
  Header,
  HelpDialog,
  Latency,
  Log,
  Markets,
  Notices,
  Positions,
  pressPlay,
  Scrubber,
  Search,
  Sources,
  StopDialog,
  WhyNot,
  type StepTo,
  type StopAsk,
} from "./panels/index.ts";
import { money } from "./text/format.ts";
import { Guard } from "./ui/guard.tsx";
import { commandOf, type Command } from "./ui/keyboard.ts";
import { PageContext, usePage, type PageTools } from "./ui/page.ts";
import { applyTheme, keptTheme, nextTheme } from "./ui/theme.ts";

/** The whole page. */
export function App({ tools }: { readonly tools: PageTools }): JSX.Element {
  return (
    <PageContext.Provider value={tools}>
      <Page />
    </PageContext.Provider>
  );
}

function Page(): JSX.Element {
  const { store, send, choose } = usePage("link", "hello");
  const [theme, setTheme] = useState(keptTheme);
  /** Counts changes of colours, for what is drawn on a canvas. */
  const [colours, setColours] = useState(0);
  const [ask, setAsk] = useState<StopAsk | undefined>(undefined);
  const [help, setHelp] = useState(false);
  const [step, setStep] = useState<StepTo>("truth");
  useEffect(
    () =>
      applyTheme(theme, () => {
        setColours((count) => count + 1);
      }),
    [theme],
  );
  const run = useMemo(
    () =>
      (command: Command): void => {
        switch (command.kind) {
          case "panel":
            show(command.id);
            break;
          case "search":
            show("search");
            document.getElementById("search-text")?.focus();
            break;
          case "market": {
            const ids = store.tables?.markets.map(({ id }) => id) ?? [];
            const next = ids[ids.indexOf(store.chosen ?? "") + command.by];
            if (next !== undefined) choose(next);
            break;
          }
          case "help":
            setHelp(true);
            break;
          case "theme":
            setTheme(nextTheme);
            break;
          case "kill":
          case "stop-entry":
            if (store.hello?.controls === true) setAsk({ action: command.kind });
            break;
          case "play": {
            const { play, hello } = store;
            if (play !== undefined)
              for (const frame of pressPlay(play, hello?.state === "growing")) send(frame);
            break;
          }
          case "follow":
            if (store.hello?.state === "growing") send({ type: "follow" });
            break;
          case "step":
            send({ type: "step", to: step, ...(command.back ? { back: true } : {}) });
            break;
        }
      },
    [store, send, choose, step],
  );
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      // A dialog has the keys for itself.
      if (event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
      const command = commandOf({ ...keysOf(event), target: event.target as HTMLElement | null });
      if (command === undefined) return;
      event.preventDefault();
      run(command);
    };
    document.addEventListener("keydown", pressed);
    return () => {
      document.removeEventListener("keydown", pressed);
    };
  }, [run]);
  return (
    <>
      <Guard title="The title">
        <Title />
      </Guard>
      <Header
        theme={theme}
        onTheme={() => {
          setTheme(nextTheme);
        }}
        onHelp={() => {
          setHelp(true);
        }}
        onKill={() => {
          setAsk({ action: "kill" });
        }}
        onStopEntry={() => {
          setAsk({ action: "stop-entry" });
        }}
      />
      <Guard title="What is stopped">
        <Notices />
      </Guard>
      <main class="panels" data-link={store.link.kind}>
        <Guard title="The chart">
          <TruthChart
            theme={colours}
            onHalt={({ id, label }) => {
              setAsk({ action: "halt", market: { id, label } });
            }}
          />
        </Guard>
        <Guard title="The book">
          <Ladder />
        </Guard>
        <Guard title="The markets">
          <Markets />
        </Guard>
        <Guard title="The log">
          <Log />
        </Guard>
        <Guard title="The positions">
          <Positions />
        </Guard>
        <Guard title="Why not">
          <WhyNot />
        </Guard>
        <Guard title="The profit and loss">
          <Attribution />
        </Guard>
        <Guard title="The equity">
          <Equity theme={colours} />
        </Guard>
        <Guard title="The latency">
          <Latency />
        </Guard>
        <Guard title="The sources">
          <Sources />
        </Guard>
        <Guard title="The calibration">
          <Calibration />
        </Guard>
        <Guard title="The search">
          <Search />
        </Guard>
      </main>
      <Guard title="The bar of time">
        <Scrubber step={step} onStep={setStep} />
      </Guard>
      {ask !== undefined && (
        <StopDialog
          ask={ask}
          onClose={() => {
            setAsk(undefined);
          }}
        />
      )}
      {help && (
        <HelpDialog
          onClose={() => {
            setHelp(false);
          }}
        />
      )}
    </>
  );
}

/** The tab's title: whether to look at it. */
function Title(): null {
  const { store } = usePage("tables", "link", "hello");
  const facts = store.tables?.header;
  const mode = (facts?.mode ?? store.hello?.mode ?? "").toUpperCase();
  const state =
    store.link.kind !== "open"
      ? "not connected"
      : facts === undefined
        ? "connecting"
        : facts.killed
          ? "KILLED"
          : facts.system === "READY"
            ? money(facts.pnl, true)
            : facts.system;
  const title = [state, mode, "Matchpoint"].filter((part) => part !== "").join(" \u00b7 ");
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}

function keysOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
} {
  return { key, ctrlKey, metaKey, altKey };
}

function show(id: string): void {
  const panel = document.getElementById(id);
  panel?.scrollIntoView({ block: "nearest" });
  panel?.focus({ preventScroll: true });
}
