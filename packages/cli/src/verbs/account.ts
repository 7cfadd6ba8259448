import { Option } from "commander";
import type { adoptCommand } from "../commands/adopt.ts";
import type { walletCommand } from "../commands/wallet.ts";
import { WALLET_ACTIONS } from "../commands/walletActions.ts";
import type { Desk } from "./desk.ts";

/** Adds what is done with a live account: `wallet` and `adopt`. */
export function addAccountVerbs({ program, io, act }: Desk): void {
  program
    .command("wallet")
    .description(
      "the account's wallet on the chain: what it holds and lets others take, and what it is told to do",
    )
    .argument("<action>", WALLET_ACTIONS.join(", "))
    .option("--config <file>", "the configuration (YAML)")
    .option("--dry-run", "say what would be sent and what it would cost, and send nothing")
    .option("--amount <dollars>", "how much to wrap, unwrap or split")
    .option("--market <id>", "only this one of the configuration's markets")
    .option("--usd <dollars>", "smoke: the most that may be at stake (5)")
    .option("--only <points>", "smoke: only these points, with commas between them")
    .option("--yes", "smoke: do not ask before real orders are sent")
    .addOption(new Option("--waits <json>").hideHelp())
    .option("--json", "one JSON object as the last line")
    .action((action: string, flags: Parameters<typeof walletCommand>[1]) =>
      act(async (host) => (await import("../commands/wallet.ts")).walletCommand(action, flags, host, io)),
    );

  program
    .command("adopt")
    .description(
      "list what on the live account is not in the journal of its last run, and book it there on your word",
    )
    .option("--config <file>", "the configuration (YAML)")
    .option("--dry-run", "only list it; exit code 3 when there is something")
    .option("--rebates", "dollars that came in are makers' rebates: book them as profit, not as a deposit")
    .option("--yes", "do not ask")
    .option("--json", "one JSON object as the last line")
    .action((flags: Parameters<typeof adoptCommand>[0]) =>
      act(async (host) => (await import("../commands/adopt.ts")).adoptCommand(flags, host, io)),
    );
}
