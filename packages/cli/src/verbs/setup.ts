import type { ConfigFlags } from "../commands/config.ts";
import type { doctorCommand } from "../commands/doctor.ts";
import type { importCommand } from "../commands/import.ts";
import type { initCommand } from "../commands/init.ts";
import type { marketsCommand } from "../commands/markets.ts";
import type { RecordFlags } from "../commands/record.ts";
import type { VenueVerbFlags } from "../commands/venue.ts";
import type { Desk } from "./desk.ts";
import { collect, positive } from "./flags.ts";

/** Adds what comes before a run: `init`, `record`, `import`, `config`, `doctor`, `markets` and `venue`. */
export function addSetupVerbs({ program, io, act }: Desk): void {
  program
    .command("init")
    .description("write a configuration to begin with, a word on each key, and its JSON Schema for editors")
    .argument("[file]", "where; default bot.yaml. No file's place is taken")
    .option("--games <list>", "lol, cs2, dota2, valorant, with commas between them; default: all, or it asks")
    .option("--json", "one JSON object as the last line")
    .action((file: string | undefined, flags: Parameters<typeof initCommand>[1]) =>
      act(async (host) => (await import("../commands/init.ts")).initCommand(file, flags, host, io)),
    );

  program
    .command("record")
    .description(
      "write what feeds and books tell into a recording that replay takes, until Ctrl-C; trades nothing",
    )
    .requiredOption("--config <file>", "the configuration: its feeds, matches and markets (YAML)")
    .requiredOption("--out <file>", "the recording to write")
    .option("--for <seconds>", "stop by itself after so long", positive)
    .option("--json", "one JSON object as the last line")
    .action((flags: RecordFlags) =>
      act(async (host) => (await import("../commands/record.ts")).recordCommand(flags, host, io)),
    );

  program
    .command("import")
    .description("turn a capture into a recording")
    .argument("<kind>", "polymarket-ticks-csv, market-ws-jsonl or grid-series-events")
    .argument("<path>", "the capture: a folder or a file, gzipped or not")
    .requiredOption("--mapping <file>", "what the capture does not say about itself (YAML)")
    .requiredOption("--out <file>", "the recording to write")
    .option("--json", "one JSON object as the last line")
    .action((kind: string, path: string, flags: Parameters<typeof importCommand>[2]) =>
      act(async () => (await import("../commands/import.ts")).importCommand(kind, path, flags, io)),
    );

  program
    .command("config")
    .description("check a configuration, show it with every default, or print its JSON Schema")
    .argument("<action>", "check, show or schema")
    .argument("[file]", "default bot.yaml")
    .option("--json", "one JSON object as the last line; an error has `problems`, with file, line and column")
    .action((action: string, file: string | undefined, flags: ConfigFlags) =>
      act(async (host) =>
        (await import("../commands/config.ts")).configCommand(action, file, flags, host, io),
      ),
    );

  program
    .command("doctor")
    .description(
      "check everything that a run stands on, and say what to do about what is not well; changes nothing",
    )
    .option("--config <file>", "the configuration (YAML); default bot.yaml, when there is one")
    .option("--only <checks>", "only these checks and what they need, with commas between them")
    .option("--json", "one JSON object as the last line")
    .action((flags: Parameters<typeof doctorCommand>[0]) =>
      act(async (host) => (await import("../commands/doctor.ts")).doctorCommand(flags, host, io)),
    );

  program
    .command("markets")
    .description("say which markets would be traded, and why not the others")
    .option("--config <file>", "the configuration (YAML)")
    .option("--json", "one JSON object as the last line")
    .action((flags: Parameters<typeof marketsCommand>[0]) =>
      act(async (host) => (await import("../commands/markets.ts")).marketsCommand(flags, host, io)),
    );

  program
    .command("venue")
    .description(
      "serve a local venue that speaks Polymarket's protocol, on this machine alone, until Ctrl-C: to rehearse live trading",
    )
    .option("--seed <n>", "everything random is drawn from it (1)")
    .option("--port <n>", "where it listens; default: any port that is free")
    .option(
      "--fund <address=dollars>",
      "dollars for an account, as 0xADDRESS=USD; may be given more than once",
      collect,
      [],
    )
    .option(
      "--chain <where>",
      "where trades settle: memory (a ledger, the default) or anvil (a local Ethereum node)",
    )
    .option(
      "--recording <file>",
      "the markets and books of a journal, or of a recording of events, in place of makers",
    )
    .option("--no-liquidity", "without the makers that quote every market")
    .option(
      "--rate-limits <tier>",
      "refuse what is beyond a tier's limits: Standard, Copper, Bronze, Silver, Gold, Platinum, Diamond or Elite",
    )
    .option("--json", "one line of JSON with every address and market, as soon as it serves")
    .action((flags: VenueVerbFlags) =>
      act(async () => (await import("../commands/venue.ts")).venueCommand(flags, io)),
    );
}
