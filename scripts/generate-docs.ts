// Writes the pages that are made from code: the state machines' diagrams, the configuration's keys, and in the page about
// strategies the tables of their parameters; and the front page's example of what the demonstration prints.
// `--check` writes nothing and fails when a page is out of date.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  ALERT_KINDS,
  CHAIN_MACHINE,
  DEFAULT_STRATEGIES,
  generateTruthDiagram,
  machineDiagram,
  ORDER_MACHINE,
  systemDiagram,
  TRADE_MACHINE,
  tradingDiagram,
  type AlertKindRow,
} from "@matchpoint/sdk";
import { z } from "zod";
import { fileJsonSchema } from "../packages/cli/src/configFile.ts";
import { EXIT, EXIT_MEANINGS } from "../packages/cli/src/io.ts";
import { METRICS, type MetricRow } from "../packages/cli/src/metrics/index.ts";
import { describeCli } from "../packages/cli/src/program.ts";

const ROOT = join(import.meta.dirname, "..");
const NOTE =
  "<!-- Made by scripts/generate-docs.ts from the code. Change the code, then run `npm run docs:generate`. -->";

function stateMachines(): string {
  const machines: readonly (readonly [string, string, string])[] = [
    [
      "Truth",
      "Per match and per game. Only evidence makes `final`; time never does.",
      generateTruthDiagram(),
    ],
    [
      "Trading",
      "Per market. HALT holds a set of causes and is left when the set is empty, or by RESOLVED.",
      tradingDiagram(),
    ],
    [
      "Order",
      "An order of unknown fate counts as its worst case until there is evidence.",
      machineDiagram(ORDER_MACHINE),
    ],
    ["Trade", "Provisional until CONFIRMED; FAILED voids it, even later.", machineDiagram(TRADE_MACHINE)],
    [
      "Chain action",
      "Merge, split, redeem. Tokens are reserved while one is pending.",
      machineDiagram(CHAIN_MACHINE),
    ],
    ["System", "Ours; its permissions intersect with the venue's and the market's.", systemDiagram()],
  ];
  const parts = machines.map(
    ([name, what, diagram]) => `## ${name}\n\n${what}\n\n\`\`\`mermaid\n${diagram.trimEnd()}\n\`\`\`\n`,
  );
  return `${NOTE}\n\n# State machines\n\nEach machine is a table in the code, and these diagrams are drawn from the tables.\n\n${parts.join("\n")}`;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

function configuration(): string {
  const rows: string[] = [];
  collect(fileJsonSchema(), "", rows);
  const head = "| key | type | default | meaning |\n| --- | --- | --- | --- |";
  const text =
    "One YAML file, snake_case keys. Every threshold has a safe default, an unknown key is an error that names the nearest\n" +
    "valid one with file, line and column. `npm run bot -- config show FILE` prints a file with every default filled in,\n" +
    "`config schema` the JSON Schema for editors. A feed takes part when it is named, if only as `polymarket: {}`.";
  return `${NOTE}\n\n# Configuration\n\n${text}\n\n${head}\n${rows.join("\n")}\n`;
}

function collect(schema: Schema, path: string, rows: string[], above = ""): void {
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    const name = path === "" ? key : `${path}.${key}`;
    if (
      child.properties !== undefined &&
      Object.keys(child.properties).length > 0 &&
      child.type === "object"
    ) {
      collect(child, name, rows, child.description ?? above);
      continue;
    }
    if (child.items?.properties !== undefined) {
      collect(child.items, `${name}[]`, rows, child.description ?? above);
      continue;
    }
    rows.push(
      `| \`${name}\` | ${typeText(child)} | ${defaultText(child)} | ${(child.description ?? above).replace(/\|/g, "\\|").replace(/\n/g, " ")} |`,
    );
  }
}

function typeText(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  const type = Array.isArray(schema.type)
    ? schema.type.join(" or ")
    : ((schema.type as string | undefined) ?? "");
  if (schema.minimum === undefined || schema.maximum === undefined) return type;
  return `${type}, ${schema.minimum} to ${schema.maximum}`;
}

function defaultText(schema: Schema): string {
  return schema.default === undefined ? "" : `\`${JSON.stringify(schema.default)}\``;
}

const STRATEGIES = "docs/concepts/strategies.md";

/** The page as it is, with the tables between the marks made anew. */
function strategies(): string {
  const head = "| parameter | type | default | meaning |\n| --- | --- | --- | --- |";
  return (read(STRATEGIES) ?? "").replace(
    /(<!-- parameters: (\S+) -->\n)[^]*?(<!-- end of parameters -->)/g,
    (_all, open: string, name: string, close: string) => {
      const use = DEFAULT_STRATEGIES[name];
      if (use === undefined) throw new Error(`${STRATEGIES}: there is no strategy ${name}`);
      const rows: string[] = [];
      collect(z.toJSONSchema(use.params, { io: "input" }) as Schema, "", rows);
      return `${open}\n${head}\n${rows.join("\n")}\n\n${close}`;
    },
  );
}

const METRICS_PAGE = "docs/reference/metrics.md";

/** The page as it is, with the table of metrics made anew. */
function metrics(): string {
  const rows = Object.entries<MetricRow>(METRICS).map(([name, { kind, help, labels }]) => {
    const said = Object.entries(labels).map(([label, what]) => `\`${label}\`: ${what}`);
    return `| \`${name}\` | ${kind} | ${said.join("; ")} | ${help} |`;
  });
  const table = `| name | kind | labels | meaning |\n| --- | --- | --- | --- |\n${rows.join("\n")}`;
  return (read(METRICS_PAGE) ?? "").replace(
    /(<!-- metrics -->\n)[^]*?(<!-- end of metrics -->)/,
    (_all, open: string, close: string) => `${open}\n${table}\n\n${close}`,
  );
}

const ALERTS_PAGE = "docs/reference/alerts.md";

/** The page as it is, with the table of kinds made anew. */
function alerts(): string {
  const rows = Object.entries<AlertKindRow>(ALERT_KINDS).map(
    ([kind, { severity, what, afterS, everyS }]) =>
      `| \`${kind}\` | ${severity} | ${what} | ${afterS ?? ""} | ${everyS} |`,
  );
  const table = `| kind | severity | when | \`after_s\` | \`every_s\` |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}`;
  return (read(ALERTS_PAGE) ?? "").replace(
    /(<!-- alerts -->\n)[^]*?(<!-- end of alerts -->)/,
    (_all, open: string, close: string) => `${open}\n${table}\n\n${close}`,
  );
}

/** The front page, with what `npm start` prints now: shortened, and without what differs from run to run. */
function frontPage(): string {
  const folder = mkdtempSync(join(tmpdir(), "matchpoint-docs-"));
  try {
    const bot = join(ROOT, "examples/reference-bot/src/bot.ts");
    const demo = ["demo", "--dashboard", "--speed", "max"];
    const args = ["--conditions=@matchpoint/source", "--no-warnings", bot, ...demo];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, TZ: "UTC" },
    });
    if (status !== 0) throw new Error(`the demonstration ended with ${String(status)}: ${stderr}`);
    const lines = stdout.split("\n").filter((line) => !/^ *\d+%/.test(line));
    const at = (start: RegExp): number => lines.findIndex((line) => start.test(line));
    const why = at(/^Why it did not trade/);
    const address = /^Dashboard: http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{64}$/;
    if (!address.test(lines[0]!)) throw new Error(`the address is not printed first: ${lines[0]!}`);
    const text = [
      "Dashboard: http://127.0.0.1:PORT/#TOKEN",
      ...lines.slice(1, 13),
      "…",
      ...lines.slice(at(/ events · /), why + 9),
      "…",
      lines[at(/^Effects: /)]!,
    ].join("\n");
    return (read("README.md") ?? "").replace(
      /(ends by itself after about 45 seconds:\n\n```text\n)[^]*?(\n```)/,
      (_all, open: string, close: string) => `${open}${text}${close}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every verb with its help, word for word, and what the process ends with. */
function commandLine(): string {
  const program = describeCli();
  const help = (command: typeof program): string => {
    let text = "";
    command.configureOutput({ ...command.configureOutput(), writeOut: (part) => (text += part) });
    command.outputHelp();
    return text.trimEnd();
  };
  const parts = program.commands.flatMap((command) => [
    `## ${command.name()}\n\n\`\`\`text\n${help(command)}\n\`\`\`\n`,
    ...command.commands.map(
      (each) => `### ${command.name()} ${each.name()}\n\n\`\`\`text\n${help(each)}\n\`\`\`\n`,
    ),
  ]);
  const codes = (Object.keys(EXIT) as (keyof typeof EXIT)[]).map(
    (name) => `| ${EXIT[name]} | ${EXIT_MEANINGS[name]} |`,
  );
  const intro =
    "What `matchpoint VERB --help` says of each verb; in this repository a verb begins with `npm run bot --`.\n" +
    'With `--json` the last line of standard output is one JSON object, an error too: `{"error":{"code","message","where","hint"}}`, for a file with `"problems":[{"file","line","column","message"}]`.\n' +
    "Colours and what is drawn in place are for terminals; `NO_COLOR=1` keeps colours away there too.";
  const table = `## Exit codes\n\nThe same for every verb; what 3 and 4 mean in particular, the verb's help says.\n\n| code | when |\n| --- | --- |\n${codes.join("\n")}\n`;
  return `${NOTE}\n\n# Command line\n\n${intro}\n\n${table}\n\`\`\`text\n${help(program)}\n\`\`\`\n\n${parts.filter((part) => !part.startsWith("## help")).join("\n")}`;
}

/** Every generated page with its text. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/reference/state-machines.md": stateMachines,
  "docs/reference/configuration.md": configuration,
  "docs/reference/cli.md": commandLine,
  [STRATEGIES]: strategies,
  [METRICS_PAGE]: metrics,
  [ALERTS_PAGE]: alerts,
  "README.md": frontPage,
};

/** The pages whose file is not what the code says. */
export function outdated(): readonly string[] {
  return Object.entries(PAGES)
    .filter(([path, make]) => read(path) !== make())
    .map(([path]) => path);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), "utf8");
  } catch {
    return undefined;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes("--check")) {
    const pages = outdated();
    for (const page of pages) console.error(`${page} is out of date: run npm run docs:generate`);
    process.exitCode = pages.length === 0 ? 0 : 1;
  } else {
    for (const [path, make] of Object.entries(PAGES)) writeFileSync(join(ROOT, path), make());
  }
}
