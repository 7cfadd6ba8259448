import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadYaml } from "@matchpoint/sdk/node";
import { z } from "zod";
import { METRICS, type MetricRow } from "../../packages/cli/src/metrics/index.ts";
import { ROOT } from "../cli/support.ts";

/** An expression of the dashboard or of the alert rules, and where it stands. */
export interface Expression {
  readonly where: string;
  readonly text: string;
  /** What is filled into the words around it. */
  readonly words: string;
}

export const RULES = join(ROOT, "deploy/prometheus/matchpoint.rules.yml");
const FILE = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({ alert: z.string(), expr: z.string(), annotations: z.object({ summary: z.string() }) }),
      ),
    }),
  ),
});
const BOARD = z.object({
  panels: z.array(
    z.object({
      title: z.string(),
      targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).default([]),
    }),
  ),
  templating: z.object({
    list: z.array(
      z.object({ name: z.string(), query: z.union([z.string(), z.object({ query: z.string() })]) }),
    ),
  }),
});

/** Every expression that is deployed. */
export function expressions(): readonly Expression[] {
  const { groups } = loadYaml(RULES, FILE, { what: "rules", code: "CONFIG_INVALID" });
  const board = BOARD.parse(JSON.parse(readFileSync(join(ROOT, "deploy/grafana/matchpoint.json"), "utf8")));
  return [
    ...groups.flatMap(({ rules }) =>
      rules.map(({ alert, expr, annotations }) => ({ where: alert, text: expr, words: annotations.summary })),
    ),
    ...board.panels.flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => ({ where: title, text: expr, words: legendFormat })),
    ),
  ];
}

/** Words of Prometheus' language that are no metric. */
const WORDS: ReadonlySet<string> = new Set(
  "sum by abs max min avg without on ignoring and or unless rate increase histogram_quantile up".split(" "),
);
/** Labels that Prometheus itself adds. */
const ADDED: readonly string[] = ["instance", "job"];

/** What is wrong with an expression: metrics that no run exports, labels that they do not have. */
export function problemsOf({ where, text, words }: Expression): readonly string[] {
  const rows: Readonly<Record<string, MetricRow>> = METRICS;
  const problems: string[] = [];
  const known = new Set(ADDED);
  const bare = text
    .replace(/\bby\s*\(([^)]*)\)/g, (_all, labels: string) => ` BY<${labels.replace(/\s/g, "")}> `)
    .replace(/\[[^\]]*\]/g, " ");
  const metric = /(?<![\w$"<,])([a-z_]\w*)\s*(\{[^}]*\})?/g;
  for (const [, name = "", selector = ""] of bare.replace(/ BY<[^>]*> /g, " ").matchAll(metric)) {
    if (WORDS.has(name)) {
      if (name !== "up") continue;
    }
    const base = name.replace(/_(bucket|sum|count)$/, "");
    const row = name === "up" ? { labels: {}, kind: "gauge" } : (rows[name] ?? rows[base]);
    const suffixed = rows[name] === undefined && name !== "up";
    if (row === undefined || suffixed !== (row.kind === "histogram")) {
      problems.push(`${where}: no run exports ${name}`);
      continue;
    }
    const own = [...Object.keys(row.labels), ...ADDED, ...(row.kind === "histogram" ? ["le"] : [])];
    for (const label of own) known.add(label);
    for (const [, label = ""] of selector.matchAll(/(\w+)\s*[=!]~?/g))
      if (!own.includes(label)) problems.push(`${where}: ${name} has no label ${label}`);
  }
  for (const [, labels = ""] of bare.matchAll(/BY<([^>]*)>/g))
    for (const label of labels.split(","))
      if (!known.has(label)) problems.push(`${where}: nothing there has the label ${label}`);
  for (const [, label = ""] of words.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g))
    if (!known.has(label)) problems.push(`${where}: nothing there has the label ${label}`);
  return problems;
}
