// The last test starts two processes twice; more often:
//   MATCHPOINT_LOCK_RACES=200 npx vitest run packages/cli/test/live/lock.test.ts
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ourselves, readHolder, stateOf } from "../../src/live/holder.ts";
import { kernelLock } from "../../src/live/kernelLock.ts";
import { lock, type LockOptions, type LockWords } from "../../src/live/lock.ts";

const RACES = Number(process.env["MATCHPOINT_LOCK_RACES"] ?? "1");
const WORDS: LockWords = {
  does: "trades with this account",
  hint: "End it first.",
  failed: (path, cause) => new MatchpointError("JOURNAL_WRITE_FAILED", String(cause), { where: path }),
};
/** Where nothing but the files can be gone by. */
const FILES: LockOptions = { kernel: () => ({ kind: "none" }) };

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "matchpoint-lock-"));
  path = join(dir, "account.lock");
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** A lock that a process left behind. */
function leave(epoch: number, holder: unknown, released = false): void {
  writeFileSync(`${path}.${epoch}`, `${JSON.stringify({ epoch, holder, released })}\n`);
}

const refusal = (options: LockOptions = {}): string => {
  try {
    const held = lock(path, WORDS, options);
    held.release();
    return `held ${held.epoch}`;
  } catch (error) {
    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    return (error as Error).message;
  }
};

describe("a lock", () => {
  it.each([
    ["with the kernel's lock", {}],
    ["by its files alone", FILES],
  ])("is one process's, and each holder's number is higher, %s", (_how, options) => {
    const first = lock(path, WORDS, options);
    expect(first.epoch).toBe(1);
    expect(refusal(options)).toContain(`process ${process.pid} trades with this account already`);
    first.release();
    expect(refusal(options)).toBe("held 2");
    expect(lock(path, WORDS, { ...options, above: 40 }).epoch).toBe(41);
    // Nothing is left but what says how far it has got.
    expect(readdirSync(dir).filter((name) => !name.endsWith("-kernel"))).toEqual(["account.lock.41"]);
  });

  it("is taken over from a process that is gone, whatever it left", () => {
    const us = ourselves();
    leave(7, { ...us, pid: 999_999_999 });
    expect(refusal(FILES)).toBe("held 8");
    // The same number, given again to a process that started later.
    leave(9, { ...us, started: "1" });
    expect(refusal(FILES)).toBe("held 10");
    leave(11, { ...us, boot: "another boot of this machine" });
    expect(refusal(FILES)).toBe("held 12");
    writeFileSync(`${path}.13`, "");
    expect(refusal(FILES)).toBe("held 14");
    for (const nonsense of [null, 5, { pid: "1", host: "h" }, { pid: 0, host: "h" }, { pid: 1 }])
      expect(readHolder(nonsense)).toBeUndefined();
  });

  it("is not taken from a living process because it has our number, as in containers", () => {
    // Number 1 in a container of its own: nothing can be said of it from here by its number.
    const other = { ...ourselves(), space: "pid:[1]" };
    leave(3, other);
    expect(refusal(FILES)).toMatch(/from here nobody can tell/);
    // The kernel can: nobody has the file's lock.
    expect(refusal()).toBe("held 4");
    leave(5, { ...other, host: "elsewhere" });
    expect(refusal(FILES)).toMatch(/on elsewhere .*nobody can tell/);
    expect(stateOf({ ...ourselves(), pid: process.ppid, started: "1" })).toBe("gone");
    const unsure = readHolder({ ...ourselves(), pid: process.ppid, started: undefined })!;
    expect(stateOf(unsure)).toBe("alive");
  });

  it("is refused when the kernel says so, also where its files are gone", () => {
    const held = lock(path, WORDS);
    rmSync(`${path}.1`);
    expect(kernelLock(`${path}-kernel`).kind).toBe("busy");
    expect(refusal()).toContain("another process trades with this account already");
    rmSync(`${path}-kernel`);
    // Both gone by hand: what is left is the epoch, which the signer keeps too.
    expect(refusal({ above: held.epoch })).toBe("held 2");
    held.release();
    expect(existsSync(`${path}.2`)).toBe(true);
  });

  it("tells whom it keeps out that another build of the code holds it", () => {
    const held = lock(path, WORDS, { build: "1.0.0+aaaaaaaaaaaa" });
    const other = { build: "1.0.1+bbbbbbbbbbbb" };
    expect(refusal(other)).toContain(
      `process ${process.pid} trades with this account already, by another build of Matchpoint: 1.0.0+aaaaaaaaaaaa; this is 1.0.1+bbbbbbbbbbbb`,
    );
    expect(refusal({ ...other, ...FILES })).toContain("by another build of Matchpoint: 1.0.0+aaaaaaaaaaaa");
    // The same one, and one that is not known, are no news.
    expect(refusal({ build: "1.0.0+aaaaaaaaaaaa" })).not.toContain("build");
    expect(refusal()).not.toContain("build");
    held.release();
    expect(refusal(other)).toBe("held 2");
    leave(3, { ...ourselves(), host: "elsewhere" });
    writeFileSync(
      `${path}.4`,
      JSON.stringify({
        epoch: 4,
        holder: { ...ourselves(), host: "elsewhere" },
        released: false,
        build: "b",
      }),
    );
    expect(refusal({ ...other, ...FILES })).toMatch(
      /nobody can tell, by another build of Matchpoint: b; this/,
    );
  });

  it("says what cannot be written", () => {
    expect(() => lock(join(dir, "none", "account.lock"), WORDS)).toThrow(
      expect.objectContaining({ code: "JOURNAL_WRITE_FAILED" }),
    );
  });

  it("is never won twice, however two starts interleave", () => {
    // Two contenders and a holder that is gone; each look at the holder is where the other may overtake.
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 6 }), fc.boolean(), (overtakes, byHand) => {
        rmSync(dir, { recursive: true, force: true });
        dir = mkdtempSync(join(tmpdir(), "matchpoint-lock-"));
        path = join(dir, "account.lock");
        leave(1, { ...ourselves(), pid: 999_999_999 });
        let living = 0;
        let most = 0;
        const turns = [...overtakes];
        const contend = (depth: number): void => {
          try {
            lock(path, WORDS, {
              kernel: () => ({ kind: "none" }),
              above: byHand ? depth * 10 : 0,
              judge: (holder) => {
                const state = stateOf(holder);
                // Here another process may do all that it does.
                if (depth < 3 && turns.pop() === true) contend(depth + 1);
                return state;
              },
            });
            living += 1;
            most = Math.max(most, living);
          } catch (error) {
            expect(error).toMatchObject({ code: "CONFIG_INVALID" });
          }
        };
        contend(0);
        expect(most).toBe(1);
      }),
      { numRuns: 60 },
    );
  });
});

/** Tries to take a lock when it is told to, says how it went, and dies without a word when its input ends. */
const CONTENDER = `
  import { lock } from ${JSON.stringify(join(import.meta.dirname, "../../src/live/lock.ts"))};
  const [path, kernel] = process.argv.slice(1);
  const options = kernel === "none" ? { kernel: () => ({ kind: "none" }) } : {};
  console.log("ready");
  process.stdin.once("data", () => {
    try {
      const { epoch } = lock(path, { does: "d", hint: "h", failed: (_path, cause) => cause }, options);
      console.log("won " + epoch);
    } catch (error) {
      console.log(error.code);
    }
  });
  process.stdin.on("end", () => process.kill(process.pid, "SIGKILL"));
`;

interface Contender {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  said(lines: number): Promise<string>;
}

function contender(kernel: string): Contender {
  const args = ["--conditions=@matchpoint/source", "--no-warnings", "--input-type=module", "-e", CONTENDER];
  const child = spawn(process.execPath, [...args, path, kernel], { stdio: ["pipe", "pipe", "inherit"] });
  let out = "";
  let heard = (): void => undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
    heard();
  });
  return {
    child,
    ended: new Promise((done) => child.on("close", done)),
    said: async (lines) => {
      while (out.split("\n").length <= lines) await new Promise<void>((done) => (heard = done));
      return out.split("\n")[lines - 1]!;
    },
  };
}

it("is won by one of several processes that try at once, and again when that one was killed", async () => {
  let epoch = 0;
  for (let race = 0; race < RACES; race++) {
    for (const kernel of ["none", "any"]) {
      const all = [0, 1].map(() => contender(kernel));
      await Promise.all(all.map((each) => each.said(1)));
      for (const { child } of all) child.stdin!.write("go\n");
      const said = await Promise.all(all.map((each) => each.said(2)));
      epoch += 1;
      expect([...said].sort()).toEqual(["CONFIG_INVALID", `won ${epoch}`]);
      for (const { child } of all) child.stdin!.end();
      await Promise.all(all.map(({ ended }) => ended));
    }
  }
});
