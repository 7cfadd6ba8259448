import { configJsonSchema, MatchpointError } from "@matchpoint/sdk";
import { dirname, resolve } from "node:path";
import { readConfig } from "../feeds.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { chosenStrategies } from "../run.ts";
import type { Host } from "./shared.ts";

const DEFAULT_FILE = "bot.yaml";

/** `matchpoint config check|show|schema [FILE]`. */
export async function configCommand(action: string, file: string | undefined, host: Host, io: Io): Promise<ExitCode> {
  const path = file ?? DEFAULT_FILE;
  switch (action) {
    case "schema":
      io.out(JSON.stringify(configJsonSchema(), null, 2));
      return EXIT.OK;
    case "show":
      io.out(JSON.stringify(readConfig(path), null, 2));
      return EXIT.OK;
    case "check": {
      const config = readConfig(path);
      const strategies = await chosenStrategies(config, host.strategies, dirname(resolve(path)));
      for (const { use, name, params } of strategies) {
        const parsed = use.params.safeParse(params);
        if (parsed.success) continue;
        const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "params"}: ${issue.message}`);
        throw new MatchpointError("CONFIG_INVALID", `strategy ${name ?? use.id}: ${problems.join("; ")}`, { where: path });
      }
      io.out(`${path}: ok, mode ${config.mode}, ${strategies.length} strategies`);
      return EXIT.OK;
    }
    default:
      throw new MatchpointError("USAGE", `unknown action: config ${action}`, { hint: "There are: config check, config show, config schema." });
  }
}
