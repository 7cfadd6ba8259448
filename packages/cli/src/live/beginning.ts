import type { PolymarketGateway } from "@matchpoint/adapters-polymarket";
import { formatUsdc, isMatchpointError, type MarketDescription, type RebuiltAccount } from "@matchpoint/sdk";
import { buildOfCode, otherBuild } from "../build.ts";
import { plural } from "../report/format.ts";
import type { ChecklistLine } from "../doctor/index.ts";

/** An account's first run begins with nothing: what no journal tells of it cannot account for. */
export async function startsFlat(
  gateway: PolymarketGateway,
  signal: AbortSignal,
): Promise<readonly ChecklistLine[]> {
  try {
    await gateway.warm(signal);
    const [orders, positions] = await Promise.all([gateway.fetchOpenOrders(), gateway.fetchPositions()]);
    const held = positions.filter(({ matched, settled }) => matched !== 0 || settled !== 0);
    if (orders.length > 0) {
      const found = `${orders.length} orders of this account rest at the venue that are not of this run`;
      return [
        {
          id: "orders",
          status: "fail",
          found,
          fix: "Stop the program that made them, or cancel them on Polymarket's page; `matchpoint adopt` takes them over.",
        },
      ];
    }
    if (held.length > 0) {
      const found = `the account holds shares in ${new Set(held.map(({ marketId }) => marketId)).size} of the markets already`;
      return [
        {
          id: "positions",
          status: "fail",
          found,
          fix: "`matchpoint adopt` takes them over; or merge, redeem or sell them first (`matchpoint wallet merge`), or take those markets out of the configuration.",
        },
      ];
    }
    return [
      { id: "flat", status: "ok", found: "no order rests and nothing is held in the markets", fix: "" },
    ];
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    return [
      { id: "venue", status: "fail", found: error.message.split("\n")[0]!, fix: error.hint ?? "Try again." },
    ];
  }
}

/** A run that goes on from an earlier one's journal; what it left must be in markets that are still listed. */
export async function goesOn(
  gateway: PolymarketGateway,
  { held, evidence, open, cash, started }: RebuiltAccount,
  markets: readonly MarketDescription[],
  signal: AbortSignal,
  build: string | undefined = buildOfCode(),
): Promise<readonly ChecklistLine[]> {
  const listed = new Set(markets.map(({ marketId }) => marketId));
  const missing = held.filter((marketId) => !listed.has(marketId));
  const lines: ChecklistLine[] = [];
  if (missing.length > 0)
    lines.push({
      id: "journal",
      status: "fail",
      found: `the last run left something in ${plural(missing.length, "market")} that the configuration does not list, the first: ${missing[0]!}`,
      fix: "List them again. What is left there is then merged, redeemed or sold by the run; or do it by hand and run `matchpoint adopt`. A local venue that was started afresh never had them: move journal.dir away.",
    });
  const other = otherBuild(started.build, build);
  if (other !== undefined)
    lines.push({
      id: "build",
      status: "warn",
      found: `the last run was one of another build of Matchpoint: ${other}`,
      fix: "After an upgrade that is as it should be. `matchpoint verify` with its journal shows whether this build decides the same.",
    });
  try {
    await gateway.warm(signal);
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    lines.push({
      id: "venue",
      status: "fail",
      found: error.message.split("\n")[0]!,
      fix: error.hint ?? "Try again.",
    });
  }
  const left = `${plural(open.length, "open order")}, ${plural(held.length, "market")} with something left, $${formatUsdc(cash)}`;
  return [...lines, { id: "journal", status: "ok", found: `goes on from the ${evidence}: ${left}`, fix: "" }];
}
