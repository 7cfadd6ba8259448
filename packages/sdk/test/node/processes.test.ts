import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { isRunning } from "../../src/node/index.ts";

it("a process is there until it has ended", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"]);
  const { pid } = child;
  expect(isRunning(pid!)).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isRunning(pid!)).toBe(false);
});

it("ourselves, and the first of all processes, whoever owns it", () => {
  expect(isRunning(process.pid)).toBe(true);
  expect(isRunning(1)).toBe(true);
});
