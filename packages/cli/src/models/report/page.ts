import type { ProbabilityModel } from "@matchpoint/sdk";
import type { MarketComparison } from "../market/comparison.ts";
import { escaped, htmlTable } from "./html.ts";
import { marketSection } from "./marketSection.ts";
import { STYLE } from "./style.ts";
import { titleSection } from "./titleSection.ts";

/** The report: one page without scripts that asks nothing of the network. */
export function reportPage(
  models: readonly (readonly [title: string, model: ProbabilityModel])[],
  market: MarketComparison | undefined,
): string {
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><title>Models of matchpoint</title>`,
    `<style>${STYLE}</style></head><body><main>`,
    "<h1>How good the probabilities are</h1>",
    `<p>What was fitted was fitted on some games and scored on others that it had not seen, later ones where their days are known. The numbers that are shipped are then fitted on all of them. None of this is evidence of an edge over a market's price.</p>`,
    `<nav aria-label="Parts"><ul>${[...models.map(([title]) => title), "market"].map((part) => `<li><a href="#${part}">${escaped(part)}</a></li>`).join("")}</ul></nav>`,
    htmlTable(
      "All titles, over all moments of the test games",
      ["title", "model", "calibrated", "test games", "Brier", "log-loss", "ECE", "ECE by chance"],
      models.map(([title, { id, card }]) => summaryRow(title, id, card)),
    ),
    ...models.map(([title, model]) => titleSection(title, model)),
    marketSection(market),
    "</main></body></html>",
    "",
  ].join("\n");
}

function summaryRow(
  title: string,
  id: string,
  { calibrated, validation }: ProbabilityModel["card"],
): string[] {
  const said = calibrated ? "yes" : "no";
  if (validation === undefined) return [title, id, said, "0", "", "", "", ""];
  const { overall, testedOn } = validation;
  return [
    title,
    id,
    said,
    String(testedOn.games),
    overall.brier.toFixed(4),
    overall.logLoss.toFixed(4),
    overall.ece.toFixed(4),
    overall.eceBand.toFixed(4),
  ];
}
