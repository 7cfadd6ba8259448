import { isMatchpointError } from "@matchpoint/sdk";
import type { Bench } from "./bench.ts";
import type { Check } from "./check.ts";
import { fail, idle, ok, warn, type ChecklistLine, type Outcome } from "./finding.ts";
import { hintOf, lineOf } from "./bench.ts";

/** Looks at the chain are one round of questions: whoever comes first waits for all of it. */
const DEADLINE_MS = 30_000;
const NO_NODE = "no node of the chain is named";

/** Rows whose answer is one of `walletChecks`. */
const OF_WALLET: readonly (readonly [id: string, title: string, looksAt: string])[] = [
  ["finality", "Finality", "how far the last final block is behind"],
  ["contracts", "Contracts", "whether the venue's contracts stand at their addresses"],
  ["sender", "Sender", "who sends the wallet's transactions: itself, or the relayer"],
  ["gas", "Gas", "POL for gas, where the wallet sends for itself"],
  ["collateral", "pUSD", "the wallet's pUSD on the chain"],
  ["allowances", "Allowances", "what the venue's contracts may take"],
  ["ramp", "Onramp", "whether USDC.e can be made pUSD"],
  ["pending", "Pending", "transactions of an earlier run that are under way"],
];

/** The wallet on the chain. */
export const CHAIN_CHECKS: readonly Check[] = [
  {
    id: "rpc",
    title: "Nodes",
    looksAt: "whether the chain's nodes answer, and agree",
    needs: ["owner"],
    modes: "live",
    deadlineMs: DEADLINE_MS,
    run: async (bench) => {
      if ((await bench.rpcUrls()).length === 0)
        return warn(
          `${NO_NODE}: allowances are not checked, pairs are not merged and nothing is redeemed`,
          "Set MATCHPOINT_RPC_URLS, or execution.rpc_urls.",
        );
      const lines = await looked(bench);
      return (
        ofLine(lines, "rpc") ??
        (ofLine(lines, "chain-id") === undefined
          ? fail("the nodes do not answer", "Check the RPC addresses.")
          : ok("the nodes answer"))
      );
    },
  },
  {
    id: "chain-id",
    title: "Chain",
    looksAt: "whether the nodes serve execution.chain_id",
    needs: ["rpc"],
    modes: "live",
    deadlineMs: DEADLINE_MS,
    run: async (bench) => {
      if ((await bench.rpcUrls()).length === 0) return idle(NO_NODE);
      return ofLine(await looked(bench), "chain-id") ?? ok(`chain ${bench.config.execution.chain_id}`);
    },
  },
  ...OF_WALLET.map(([id, title, looksAt]): Check => ({
    id,
    title,
    looksAt,
    needs: ["chain-id"],
    modes: "live",
    deadlineMs: DEADLINE_MS,
    run: async (bench) => {
      if ((await bench.rpcUrls()).length === 0) return idle(NO_NODE);
      return ofLine(await looked(bench), id) ?? idle("nothing to look at on this chain");
    },
  })),
];

/** What the chain's nodes said; why they did not is a line of its own. */
function looked(bench: Bench): Promise<readonly ChecklistLine[]> {
  return bench.once("looked", async () => {
    try {
      return await bench.chain();
    } catch (error) {
      if (!isMatchpointError(error)) throw error;
      const id = error.code === "CHAIN_WRONG" ? "chain-id" : "rpc";
      return [
        { id, status: "fail" as const, found: lineOf(error), fix: hintOf(error, "Check the RPC addresses.") },
      ];
    }
  });
}

function ofLine(lines: readonly ChecklistLine[], id: string): Outcome | undefined {
  const found = lines.find((each) => each.id === id);
  return found === undefined ? undefined : { status: found.status, found: found.found, fix: found.fix };
}
