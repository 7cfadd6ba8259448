import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TxEntry } from "@matchpoint/adapters-polymarket";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ourselves } from "../../src/live/holder.ts";
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
    const first = openTxJournal(dir, 137, WALLET);
    void first.append(ENTRY);
    expect(() => openTxJournal(dir, 137, WALLET)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringContaining(`process ${process.pid} sends transactions for this wallet already`),
      }),
    );
    const reader = openTxJournal(dir, 137, WALLET, "read");
    expect(reader.entries).toEqual([ENTRY]);
    expect(() => reader.append(ENTRY)).toThrow(expect.objectContaining({ code: "JOURNAL_WRITE_FAILED" }));
    reader.close();
    first.close();
    openTxJournal(dir, 137, WALLET).close();
  });

  it("is taken over from a process that is gone", () => {
    const { path, close } = openTxJournal(dir, 137, WALLET);
    close();
    writeFileSync(
      `${path}.lock.7`,
      JSON.stringify({ epoch: 7, holder: { ...ourselves(), pid: 999_999_999 } }),
    );
    openTxJournal(dir, 137, WALLET).close();
    expect(existsSync(`${path}.lock.8`)).toBe(true);
  });
});
