import { existsSync, writeFileSync } from "node:fs";
import { MatchpointError } from "@matchpoint/sdk";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { marketCard } from "../models/market/card.ts";
import { compareMarkets } from "../models/market/comparison.ts";

const CARD = "docs/models/market.md";

/** `matchpoint model market DIR`: how good the prices of real esports markets were as forecasts. */
export async function marketCommand(
  folder: string,
  flags: { readonly write?: boolean; readonly json?: boolean },
  io: Io,
): Promise<ExitCode> {
  if (flags.write === true && !existsSync("docs/models")) {
    throw new MatchpointError("USAGE", "there is nowhere to write to", {
      hint: "--write makes this project's own card anew; without it the figures are printed.",
    });
  }
  const found = await compareMarkets(folder);
  const card = marketCard(found);
  if (flags.write === true) writeFileSync(CARD, card);
  if (flags.json === true) io.out(JSON.stringify(found));
  else if (flags.write === true) io.out(`Written: ${CARD}`);
  else for (const line of card.trimEnd().split("\n")) io.out(line);
  return EXIT.OK;
}
