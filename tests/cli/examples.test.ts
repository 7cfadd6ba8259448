import { describe, expect, it } from "vitest";
import { describeCli } from "../../packages/cli/src/program.ts";
import { EXAMPLES } from "../../packages/cli/src/verbs/examples.ts";

type Program = ReturnType<typeof describeCli>;

/** The words of a command line as a shell has them, up to a pipe or a redirection. */
function words(line: string): readonly string[] {
  const found = line.split(/ [|>] /)[0]!.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g);
  return [...found].map(([, single, double, bare]) => single ?? double ?? bare ?? "");
}

/** A command line that is read, and does nothing; whatever it does not know it throws. */
function reader(): Program {
  const program = describeCli();
  const still = (command: Program): void => {
    command.exitOverride();
    if (command.commands.length === 0) command.action(() => undefined);
    for (const each of command.commands) still(each);
  };
  still(program);
  return program;
}

const verbs = describeCli().commands.map((command) => command.name());

describe("the examples of help", () => {
  it("are there for every verb, and for no other", () => {
    expect(
      Object.keys(EXAMPLES)
        .filter((name) => name !== "")
        .sort(),
    ).toEqual(verbs.filter((name) => name !== "help").sort());
  });

  it.each(Object.values(EXAMPLES).flat())("are understood: %s", async (line) => {
    await expect(reader().parseAsync([...words(line)], { from: "user" })).resolves.toBeDefined();
  });

  it("are refused by the same reader where they are wrong", async () => {
    for (const line of ["demo --sped max", "replay", "nonsense", "why"])
      await expect(reader().parseAsync([...words(line)], { from: "user" })).rejects.toMatchObject({
        code: expect.stringMatching(/^commander\./) as string,
      });
  });
});
