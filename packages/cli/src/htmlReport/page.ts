import { escaped } from "../models/report/html.ts";
import { fileSize, plain, plural } from "../report/format.ts";
import type { Gathered } from "./gather.ts";
import { note, section } from "./html.ts";
import { marketsSection } from "./markets.ts";
import { calibrationSection, latencySection, scenarioSection, whyNotSection } from "./measures.ts";
import type { ReadRun } from "./readRun.ts";
import {
  attributionSection,
  equitySection,
  spreadSection,
  summarySection,
  verdictSection,
} from "./sections.ts";
import { STYLE } from "./style.ts";

const PARTS: readonly (readonly [id: string, title: string])[] = [
  ["verdict", "Verdict"],
  ["summary", "Summary"],
  ["equity", "Profit over time"],
  ["attribution", "Where it came from"],
  ["matches", "Matches and days"],
  ["scenarios", "Fill scenarios"],
  ["calibration", "Model"],
  ["latency", "Latency"],
  ["why-not", "Why not more"],
  ["markets", "Markets"],
  ["made-of", "Configuration"],
];

/** The report: one page that runs no script and asks nothing of the network. */
export function page(gathered: Gathered): string {
  const { runs } = gathered;
  const { mode, strategies } = runs[0]!.view.started;
  const names = [...new Set(strategies.map(({ id }) => String(id)))].join(", ") || "no strategy";
  const began = Math.min(...runs.map(({ view }) => view.started.receivedAt));
  const ended = Math.max(...runs.map(({ view }) => view.t));
  const title = `${names}: ${gathered.verdict.verdict}`;
  const what = runs.length === 1 ? runs[0]!.view.started.runId : plural(runs.length, "run");
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">`,
    `<title>${escaped(plain(title))}</title><style>${STYLE}</style></head><body><main>`,
    `<header><h1><span class="mode ${mode}">${mode.toUpperCase()}</span>${escaped(plain(names))}</h1>`,
    `<p>${escaped(plain(what))} · ${minute(began)} to ${minute(ended)} UTC, by the run's own time</p></header>`,
    `<nav aria-label="Parts"><ul>${PARTS.map(([id, text]) => `<li><a href="#${id}">${text}</a></li>`).join("")}</ul></nav>`,
    verdictSection(gathered),
    summarySection(gathered),
    equitySection(gathered),
    attributionSection(gathered),
    spreadSection(gathered),
    scenarioSection(gathered),
    calibrationSection(gathered),
    latencySection(gathered),
    whyNotSection(gathered),
    marketsSection(gathered),
    madeOf(runs),
    "<footer><p>Made by Matchpoint from the runs' journals alone. Past profit, and more so past profit on paper, is no promise.</p></footer>",
    "</main></body></html>",
    "",
  ].join("\n");
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}

/** What each run was made of, with what tells its data apart. */
function madeOf(runs: readonly ReadRun[]): string {
  return section("made-of", "Configuration and data", [
    note(
      "Runs with the same data hash saw the same world; with the same configuration hash they were set up the same; with the same effects hash they decided the same.",
    ),
    ...runs.map((run) => {
      const { started } = run.view;
      const { journal, data, config, effects } = run.hashes;
      const rows: readonly (readonly [string, string])[] = [
        ["run", started.runId],
        ["seed", String(started.seed)],
        ...(started.build === undefined ? [] : [["build", started.build] as const]),
        ...(started.recovers === undefined
          ? []
          : [["goes on from", `${started.recovers}; its account is included`] as const]),
        ["ended", run.reason ?? "no: the journal breaks off"],
        [
          "journal, SHA-256",
          `${journal} (${fileSize(run.bytes)}${run.torn === undefined ? "" : `; its last line, ${run.torn.line}, is torn and was left out`})`,
        ],
        ["data, SHA-256", data],
        ["configuration, SHA-256", config],
        ["effects", effects ?? "not known"],
      ];
      return `<table class="wide"><tbody>${rows.map(([name, text]) => `<tr><th scope="row" class="l">${escaped(name)}</th><td class="l hash">${escaped(plain(text))}</td></tr>`).join("")}</tbody></table>`;
    }),
    "<details><summary>Configuration and parameters</summary><pre>",
    escaped(configText(runs[0]!)),
    "</pre></details>",
    ...(new Set(runs.map(({ hashes }) => hashes.config)).size > 1
      ? [note("Shown is the first run's; others differ in more than their strategies.")]
      : []),
  ]);
}

/** The configuration as it was; of addresses only where they lead, since keys travel in them. */
function configText({ view }: ReadRun): string {
  const { config, strategies } = view.started;
  return JSON.stringify(
    { config, strategies },
    (_key, value: unknown) => (typeof value === "string" ? address(value) : value),
    2,
  );
}

/** A report is shown to others: of an address nothing is kept that could be a key. */
export function address(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  try {
    const { protocol, host, pathname, search, username, password } = new URL(text);
    const more = pathname.length > 1 || search !== "" || username !== "" || password !== "";
    return `${protocol}//${host}${more ? "/…" : ""}`;
  } catch {
    return "…";
  }
}
