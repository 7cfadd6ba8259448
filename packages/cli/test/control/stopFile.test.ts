import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { followed } from "../../src/control/stopsOfRun.ts";
import { killedAgain, settled, StopFile, word, type Stops } from "../../src/control/stopFile.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "matchpoint-stop-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const NOTHING: Stops = { kill: undefined, stopEntries: undefined, halts: {}, strategies: {}, resumes: [] };
const killed = (now: Stops): Stops => ({ ...now, kill: word("me", "why", 1) });

describe("the stop file", () => {
  it("says nothing where there is none, and after a change what was written, to another process too", () => {
    const file = new StopFile(join(dir, "runs"), "live");
    expect(file.read()).toEqual(NOTHING);
    expect(file.news()).toBeUndefined();
    file.update(killed);
    expect(new StopFile(join(dir, "runs"), "live").read().kill).toEqual({ by: "me", reason: "why", at: 1 });
    expect(new StopFile(join(dir, "runs"), "paper").read()).toEqual(NOTHING);
    expect(file.news()?.kill?.by).toBe("me");
    expect(file.news()).toBeUndefined();
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dir, "runs"))).toEqual(["stop-live.json"]);
  });

  it("takes a file that it cannot read for a kill, whatever is wrong with it", () => {
    const file = new StopFile(dir, "live");
    const bad = [
      "",
      "{",
      "null",
      "[]",
      '{"version":2}',
      '{"version":1,"halts":{},"strategies":{},"resumes":[],"kill":{}}',
      '{"version":1,"halts":{"m":{"by":1,"reason":"","at":0}},"strategies":{},"resumes":[]}',
      '{"version":1,"halts":{},"strategies":{},"resumes":[{"id":1,"by":"","reason":"","at":0}]}',
    ];
    for (const text of bad) {
      writeFileSync(file.path, text);
      expect(file.read().kill?.reason, text).toMatch(/taken for a kill/);
    }
    file.update(() => killed(NOTHING));
    const whole = readFileSync(file.path, "utf8");
    for (let cut = 1; cut < whole.length - 1; cut += 1) {
      writeFileSync(file.path, whole.slice(0, -cut - 1));
      expect(file.read().kill, `${cut} bytes short`).toBeDefined();
    }
  });

  it("is not kept from a kill by a writer that died with the lock", () => {
    const file = new StopFile(dir, "live");
    writeFileSync(`${file.path}.lock`, "");
    utimesSync(`${file.path}.lock`, 1, 1);
    const began = performance.now();
    file.update(killed);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(file.read().kill).toBeDefined();
  });

  it("keeps words on one line and of a bounded length", () => {
    const { by, reason } = word("a\u001b[2Jb", `x\ny\u202ez${"!".repeat(9_999)}`, 5);
    expect(by).toBe("a [2Jb");
    expect(reason.startsWith("x y z!")).toBe(true);
    expect(reason.length).toBe(500);
  });
});

it("takes a halt of what is no market for a kill: its order could not be read again from a journal", () => {
  const stops = new StopFile(dir, "live");
  for (const market of ["", "  ", "a\u0000b"]) {
    const halts = { [market]: { by: "me", reason: "", at: 1 } };
    writeFileSync(stops.path, JSON.stringify({ version: 1, halts, strategies: {}, resumes: [] }));
    expect(stops.read().kill?.reason).toMatch(/taken for a kill/);
  }
});

describe("a kill that is given again", () => {
  const first = word("me", "why", 5);

  it("keeps the first one's words and the latest one's time", () => {
    expect(killedAgain(undefined, first)).toEqual(first);
    expect(killedAgain(first, word("you", "so", 9))).toEqual(word("me", "why", 9));
    expect(killedAgain(first, word("you", "so", 3))).toEqual(first);
  });

  it("is kept when the run follows it, and not when the run is only told of it late", () => {
    const again = (givenAt?: number): ReturnType<typeof followed> => {
      const command = { kind: "kill", ...(givenAt === undefined ? {} : { givenAt }) };
      const event = { type: "operator", operator: "you", at: 1, receivedAt: 9, command };
      return followed(event as never, [], { system: { latched: true } as never });
    };
    expect(again()?.({ ...NOTHING, kill: first }).kill).toEqual({ ...first, at: 9 });
    expect(again(5)).toBeUndefined();
  });
});

describe("resumes that no run has heard", () => {
  const at = (n: number): { by: string; reason: string; at: number } => word("me", "", n);
  const all: Stops = { ...NOTHING, kill: at(1), stopEntries: at(2), halts: { m1: at(3), "*": at(4) } };
  const resume = (n: number, market?: string): Stops["resumes"][number] => ({
    ...at(n),
    id: `r${n}`,
    ...(market === undefined ? {} : { market }),
  });

  it("lift one level each, the kill first, and markets by name", () => {
    expect(settled({ ...all, resumes: [resume(9, "m1")] })).toEqual({ ...all, halts: { "*": at(4) } });
    const once = settled({ ...all, resumes: [resume(9)] });
    expect(once).toEqual({ ...NOTHING, stopEntries: at(2) });
    expect(settled({ ...once, resumes: [resume(10)] })).toEqual(NOTHING);
  });

  it("lift nothing that was ordered after them", () => {
    expect(settled({ ...all, resumes: [resume(0)] })).toEqual(all);
    expect(settled({ ...all, resumes: [resume(3)] }).halts).toEqual({ "*": at(4) });
  });
});
