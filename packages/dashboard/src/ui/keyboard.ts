/** What a key asks the page for. */
export type Command =
  | { readonly kind: "panel"; readonly id: string }
  | { readonly kind: "market"; readonly by: 1 | -1 }
  | { readonly kind: "search" | "help" | "theme" | "kill" | "stop-entry" | "play" | "follow" }
  | { readonly kind: "step"; readonly back: boolean };

const PANELS: Readonly<Record<string, string>> = {
  "1": "chart",
  "2": "ladder",
  "3": "markets",
  "4": "positions",
  "5": "why-not",
  "6": "pnl",
  "7": "calibration",
  "8": "latency",
  "9": "sources",
  "0": "log",
};

const COMMANDS: Readonly<Record<string, Command>> = {
  j: { kind: "market", by: 1 },
  k: { kind: "market", by: -1 },
  "/": { kind: "search" },
  "?": { kind: "help" },
  t: { kind: "theme" },
  K: { kind: "kill" },
  E: { kind: "stop-entry" },
  " ": { kind: "play" },
  l: { kind: "follow" },
  ",": { kind: "step", back: true },
  ".": { kind: "step", back: false },
};

/** For the page's help. */
export const KEYS: readonly { readonly keys: readonly string[]; readonly what: string }[] = [
  { keys: ["j", "k"], what: "next and previous market" },
  {
    keys: ["1", "…", "9", "0"],
    what: "chart, book, markets, positions, why not, P&L, calibration, latency, sources, log",
  },
  { keys: ["/"], what: "search the journal" },
  { keys: ["space"], what: "play or pause" },
  { keys: [",", "."], what: "back and on to the next match event, order or fill" },
  { keys: ["l"], what: "back to now" },
  { keys: ["←", "→"], what: "on the chart: move along it; with shift, faster" },
  { keys: ["Shift", "E"], what: "stop entries" },
  { keys: ["Shift", "K"], what: "kill: type why, then hold the button" },
  { keys: ["t"], what: "dark, light, or as the system is" },
];

/** What of a key press decides. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly target: { readonly tagName?: string; readonly type?: string } | null;
}

const TYPED = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/** The command of a key; undefined where somebody types, or where the key is the browser's or the focused control's own. */
export function commandOf(press: KeyPress): Command | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined;
  const tag = press.target?.tagName ?? "";
  const slides = tag === "INPUT" && press.target?.type === "range";
  if (TYPED.has(tag) && !slides) return undefined;
  // A button takes the space bar for itself.
  if (press.key === " " && (tag === "BUTTON" || tag === "SUMMARY" || tag === "A")) return undefined;
  const panel = Object.hasOwn(PANELS, press.key) ? PANELS[press.key] : undefined;
  if (panel !== undefined) return { kind: "panel", id: panel };
  return Object.hasOwn(COMMANDS, press.key) ? COMMANDS[press.key] : undefined;
}
