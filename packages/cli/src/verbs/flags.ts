import { InvalidArgumentError, type Command } from "commander";

/** The flags of whatever trades. */
export function withRunFlags(command: Command): Command {
  return command
    .option("--config <file>", "the configuration (YAML)")
    .option(
      "--strategy <name>",
      "a default strategy, a file or a package, instead of the configuration's; may be given more than once",
      collect,
      [],
    )
    .option(
      "--set <key=value>",
      "a strategy's parameter, as KEY=VALUE or STRATEGY.KEY=VALUE; may be given more than once",
      collect,
      [],
    )
    .option("--seed <n>", "seed of everything that is drawn at random", whole)
    .option("--journal <file>", "where the journal goes")
    .option("--no-journal", "keep none")
    .option("--json", "one JSON object as the last line of standard output");
}

/** What the flag `--dashboard` does. */
export const SHOW = "show it in a browser on this machine; the address is printed first";

/** The flags that watch what is played as a `run` is watched. */
export function withObserverFlags(command: Command, stays?: boolean): Command {
  return command
    .option("--dashboard", SHOW)
    .option("--stay", "show it, and go on showing the finished run until Ctrl-C", stays)
    .option("--metrics", "serve /metrics, /livez and /readyz at control.port; the address is printed")
    .option("--alerts", "tell what a run would tell, at the places that the configuration names")
    .option("--log <where>", "JSON lines of what it does: stderr or a file");
}

/** An option that may be given more than once. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Times real time, or `max`. */
export function speed(text: string): number {
  if (text === "max") return Infinity;
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError("It must be a number above 0, or max.");
  return value;
}

/** A number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

/** A whole number from 0 on. */
export function whole(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  if (!Number.isSafeInteger(value))
    throw new InvalidArgumentError(`It must be at most ${Number.MAX_SAFE_INTEGER}.`);
  return value;
}

/** A whole number from 1 on. */
export function counting(text: string): number {
  const value = whole(text);
  if (value < 1) throw new InvalidArgumentError("It must be at least 1.");
  return value;
}
