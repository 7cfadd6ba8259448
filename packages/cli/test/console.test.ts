import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

/** The packages' sources: nothing may be built yet. */
const SOURCES = ["--conditions=@matchpoint/source", "--no-warnings"];

/** A console whose `adopt` gets no answer; prints each command as it comes. */
const PROGRAM = `
import { OperatorConsole } from ${JSON.stringify(join(import.meta.dirname, "../src/console.ts"))};
import { SystemClock } from "@matchpoint/sdk";
const io = { interactive: false, err: (line) => console.log("err " + line) };
const answers = [() => new Promise((resolve) => setTimeout(() => resolve({ kind: "adopt", trades: [] }), 1_500)), () => Promise.reject(new Error("broken"))];
const console_ = new OperatorConsole({
  clock: new SystemClock(), matches: [], operator: undefined, input: process.stdin, io, onInterrupt() {}, onKill() {},
  adopt: () => answers.shift()(),
});
try {
  for await (const { command } of console_.events()) console.log(command.kind);
  console.log("over");
} catch (error) { console.log(error.message); }
`;

it(
  "a kill does not wait for the venue's answer about what is to be adopted",
  { timeout: 20_000 },
  async () => {
    const child = spawn(process.execPath, [...SOURCES, "--input-type=module", "-e", PROGRAM], {
      cwd: join(import.meta.dirname, "../../.."),
      stdio: ["pipe", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (data: Buffer) => (said += data.toString()));
    child.stdin.end("adopt\nkill\nhalt\n");
    await new Promise((resolve) => child.once("close", resolve));
    expect(said.trim().split("\n")).toEqual(["kill", "halt", "adopt", "over"]);
  },
);

it("what breaks an adoption breaks the console", { timeout: 20_000 }, async () => {
  const child = spawn(process.execPath, [...SOURCES, "--input-type=module", "-e", PROGRAM], {
    cwd: join(import.meta.dirname, "../../.."),
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (data: Buffer) => (said += data.toString()));
  child.stdin.end("adopt\nadopt\n");
  await new Promise((resolve) => child.once("close", resolve));
  expect(said.trim().split("\n").at(-1)).toBe("broken");
});
