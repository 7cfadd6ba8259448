import type { marketCommand } from "../commands/marketModel.ts";
import type { evaluateCommand, fitCommand, reportCommand } from "../commands/model.ts";
import type { Desk } from "./desk.ts";

const TITLES = "lol, cs2, valorant or dota2";

/** Adds `model` with what it does. */
export function addModelVerbs({ program, io, act }: Desk): void {
  const model = program
    .command("model")
    .description("fit the probability models to data, and score them on games that they have not seen");
  model
    .command("fit")
    .description("fit a title's model: on the earlier games for the test on the later ones, then on all")
    .argument("<title>", TITLES)
    .argument("<folder>", "the games")
    .option("--out <folder>", "where to write numbers and card; this repository's own files without it")
    .option("--json", "one JSON object as the last line")
    .action((title: string, folder: string, flags: Parameters<typeof fitCommand>[2]) =>
      act(async () => (await import("../commands/model.ts")).fitCommand(title, folder, flags, io)),
    );
  model
    .command("evaluate")
    .description("score the shipped model on any folder of games of the same format")
    .argument("<title>", TITLES)
    .argument("<folder>", "the games")
    .option("--json", "one JSON object as the last line")
    .action((title: string, folder: string, flags: Parameters<typeof evaluateCommand>[2]) =>
      act(async () => (await import("../commands/model.ts")).evaluateCommand(title, folder, flags, io)),
    );
  model
    .command("report")
    .description("write one HTML page: how good the shipped models were, by title and moment, and the market")
    .option("--out <file>", "where to write it", "models.html")
    .option(
      "--quotes <folder>",
      "quotes of markets with outcomes, for the part about the market; left out where there are none",
    )
    .action((flags: Parameters<typeof reportCommand>[0]) =>
      act(async () => (await import("../commands/model.ts")).reportCommand(flags, io)),
    );
  model
    .command("market")
    .description("score the prices of real esports markets as forecasts")
    .argument("<folder>", "best bids and asks with settlement labels")
    .option("--write", "write this repository's card")
    .option("--json", "one JSON object as the last line")
    .action((folder: string, flags: Parameters<typeof marketCommand>[1]) =>
      act(async () => (await import("../commands/marketModel.ts")).marketCommand(folder, flags, io)),
    );
}
