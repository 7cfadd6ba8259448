import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeCli } from "../../packages/cli/src/program.ts";
import { EXAMPLES } from "../../packages/cli/src/verbs/examples.ts";
import { commandsOf, readPages } from "../../scripts/check-docs.ts";
import { ROOT } from "./support.ts";

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

describe("the commands of the documentation", () => {
  const commands = readPages(ROOT).flatMap(commandsOf);
  /** What people type for the command line: installed, or in the clone. */
  const OWN =
    /^(?:npx |node_modules\/\.bin\/)?matchpoint |^npm run (?:-s |--silent )?bot -- |^node src\/bot\.ts /;

  it("are understood by the command line, options and all", async () => {
    const own = commands.filter(({ text }) => OWN.test(text) && !text.includes("…"));
    expect(own.length).toBeGreaterThan(100);
    const refused: string[] = [];
    for (const { where, text } of own) {
      try {
        await reader().parseAsync([...words(text.replace(OWN, ""))], { from: "user" });
      } catch (error) {
        const { code, message } = error as { readonly code: string; readonly message: string };
        // A text may name a verb without all that it takes, or the help.
        if (!/missingArgument|missingMandatory|help/i.test(code))
          refused.push(`${where}: ${text}: ${message}`);
      }
    }
    expect(refused).toEqual([]);
  });

  it("name npm scripts that there are", () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = commands.flatMap(({ where, text }) => {
      // Those of a package have scripts of their own.
      const script = / -w /.test(text) ? undefined : /^npm run (?:-s |--silent )?(\w[\w:-]*)/.exec(text)?.[1];
      return script === undefined ? [] : [{ where, script }];
    });
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ script }) => !Object.hasOwn(scripts, script))).toEqual([]);
  });

  it("would be refused if they were wrong", () => {
    const shell = "```sh follow\nA=1 npx matchpoint demo \\\n  --sped 3 # x\nnpm ci && npm t\n```\n";
    const page = { path: "p.md", text: `${shell}Say \`npm x\`.\n` };
    expect(commandsOf(page)).toEqual([
      { where: "p.md:3", text: "npx matchpoint demo   --sped 3", followed: true },
      { where: "p.md:4", text: "npm ci", followed: true },
      { where: "p.md:4", text: "npm t", followed: true },
      { where: "p.md:6", text: "npm x", followed: false },
    ]);
  });
});
