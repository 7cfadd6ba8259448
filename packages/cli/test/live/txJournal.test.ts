import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TxEntry } from "@matchpoint/adapters-polymarket";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTxJournal } from "../../src/live/txJournal.ts";

const WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const ENTRY = { type: "tx_settled", intentId: "a", nonce: 0, status: "FINAL" } as TxEntry;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "matchpoint-tx-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe("a wallet's journal of transactions", () => {
  it("is written by one process at a time: two would give two things one nonce", () => {
    const { path, ...first } = openTxJournal(dir, 137, WALLET);
    void first.append(ENTRY);
    first.close();
    // Another process that is alive: this one's parent.
    writeFileSync(`${path}.lock`, `${process.ppid}\n`);
    expect(() => openTxJournal(dir, 137, WALLET)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringContaining(`${process.ppid}`),
      }),
    );
    const reader = openTxJournal(dir, 137, WALLET, "read");
    expect(reader.entries).toEqual([ENTRY]);
    expect(() => reader.append(ENTRY)).toThrow(expect.objectContaining({ code: "JOURNAL_WRITE_FAILED" }));
    reader.close();
    expect(existsSync(`${path}.lock`)).toBe(true);
  });

  it("is taken over from a process that is gone, and given back", () => {
    const { path, close } = openTxJournal(dir, 137, WALLET);
    close();
    expect(existsSync(`${path}.lock`)).toBe(false);
    for (const left of ["999999999\n", "", "no number"]) {
      writeFileSync(`${path}.lock`, left);
      const journal = openTxJournal(dir, 137, WALLET);
      expect(existsSync(`${path}.lock`)).toBe(true);
      journal.close();
      expect(existsSync(`${path}.lock`)).toBe(false);
    }
  });
});
