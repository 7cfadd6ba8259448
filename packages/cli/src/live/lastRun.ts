import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { EpochFence, OrderParties } from "@matchpoint/adapters-polymarket";
import {
  MatchpointError,
  type BotConfig,
  type MarketDescription,
  type RebuiltAccount,
} from "@matchpoint/sdk";
import { rebuildAccount } from "@matchpoint/sdk/node";
import { stateFolder, takeTurn } from "./accountTurn.ts";

/** An account's last journal: where the next run goes on. One process at a time has it. */
export interface AccountLog {
  /** Whose money it is and where, as text. */
  readonly account: string;
  /** The file that names the last journal. */
  readonly path: string;
  /** The last live journal of the account; `undefined` when there was none. */
  readonly last: string | undefined;
  /** This start's turn to sign, higher than that of every start before; absent when it was opened to be read. */
  readonly fence: EpochFence | undefined;
  /** From now on the account goes on from another journal, which is on the disk. */
  goesOnFrom(journal: string): void;
  close(): void;
}

/** Where an account is when its configuration names no `clob_url`. */
const PRODUCTION = "clob.polymarket.com";

/**
 * Opens what is kept of an account in `journal.dir`. Whoever writes has the account alone, there and among all that this user runs.
 * @param use - `write`: to trade or to adopt; `read`: only to look, beside a run
 * @throws MatchpointError `CONFIG_INVALID` while another process trades with the account, `JOURNAL_CORRUPT`, `JOURNAL_WRITE_FAILED`
 */
export function openAccountLog(
  config: BotConfig,
  parties: Pick<OrderParties, "funder">,
  use: "write" | "read" = "write",
): AccountLog {
  const { dir } = config.journal;
  const { chain_id: chainId, clob_url: url } = config.execution;
  const venue = url === undefined ? PRODUCTION : new URL(url).host;
  const holder = parties.funder.toLowerCase();
  const account = `${holder} on chain ${chainId} at ${venue}`;
  const place = venue === PRODUCTION ? "" : `-${venue.replace(/[^\w.-]+/g, "_")}`;
  const name = `account-${chainId}-${holder}${place}`;
  const path = join(dir, `${name}.json`);
  // A venue on this machine has no money of anybody's: its runs meet in their own folder alone.
  const shared = isLoopback(venue) ? dir : stateFolder();
  const folders = resolve(shared) === resolve(dir) ? [dir] : [dir, shared];
  const turn = use === "write" ? takeTurn(folders, name) : undefined;
  try {
    return {
      account,
      path,
      last: read(path, dir),
      fence: turn?.fence,
      goesOnFrom: (journal) => {
        write(path, dir, journal);
      },
      close: () => {
        turn?.release();
      },
    };
  } catch (error) {
    turn?.release();
    throw error;
  }
}

/**
 * The account as its last journal leaves it; `undefined` when it never was traded from here.
 * @throws MatchpointError `JOURNAL_CORRUPT`, `FILE_NOT_FOUND`, `ORDER_UNKNOWN`, with what to do
 */
export function rebuiltAccount(
  { last, path }: AccountLog,
  startsAt: number,
  warn: (problem: string) => void = () => undefined,
): RebuiltAccount | undefined {
  if (last === undefined) return undefined;
  if (!existsSync(last))
    throw new MatchpointError(
      "FILE_NOT_FOUND",
      `the journal of the account's last run is not there: ${last}`,
      {
        where: path,
        hint: "Put it back. If it is lost, take this file away: then the account begins anew, and `matchpoint adopt` books what is on it.",
      },
    );
  // A last line that was being written when the power went is left out: nothing was sent of it.
  const { account, passedOver } = rebuildAccount(last, startsAt);
  if (passedOver !== undefined)
    warn(`the snapshot of ${last} was passed over from where ${passedOver}; the journal was read instead`);
  return account;
}

/** Markets, and those in which the last run left something, as its journal describes them. */
export function withHeld(
  markets: readonly MarketDescription[],
  carried: RebuiltAccount | undefined,
): readonly MarketDescription[] {
  if (carried === undefined) return markets;
  const listed = new Set(markets.map(({ marketId }) => marketId));
  const held = new Set(carried.held);
  return [
    ...markets,
    ...carried.markets.filter(({ marketId }) => held.has(marketId) && !listed.has(marketId)),
  ];
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host);
}

function read(path: string, dir: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { journal } = JSON.parse(readFileSync(path, "utf8")) as { readonly journal?: unknown };
    if (typeof journal === "string" && journal !== "") return resolve(dir, journal);
  } catch {
    // Said below.
  }
  throw new MatchpointError("JOURNAL_CORRUPT", "it does not say which journal is the account's last", {
    where: path,
    hint: 'It is one line: {"journal":"RUN.journal.jsonl"}, with the path from the folder that it is in.',
  });
}

/** The old name stands until the new one is whole on the disk. */
function write(path: string, dir: string, journal: string): void {
  const fresh = `${path}.new`;
  try {
    const descriptor = openSync(fresh, "w");
    try {
      writeSync(descriptor, `${JSON.stringify({ journal: relative(dir, resolve(journal)) })}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, path);
  } catch (cause) {
    throw failed(path, cause);
  }
}

function failed(path: string, cause: unknown): MatchpointError {
  return new MatchpointError("JOURNAL_WRITE_FAILED", cause instanceof Error ? cause.message : String(cause), {
    where: path,
    hint: "Nothing is traded that the next start could not find.",
    cause,
  });
}
