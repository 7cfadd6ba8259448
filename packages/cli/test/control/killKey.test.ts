import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { listenForKillKey } from "../../src/control/killKey.ts";

it("kills at Ctrl-X, in the middle of a line too, and at no other key", async () => {
  const input = new PassThrough();
  let kills = 0;
  const end = listenForKillKey(input, () => (kills += 1));
  input.write("xX\u0003\u0018halt x\u0018");
  await new Promise((turn) => setImmediate(turn));
  expect(kills).toBe(2);
  end();
  input.write("\u0018");
  await new Promise((turn) => setImmediate(turn));
  expect(kills).toBe(2);
});
