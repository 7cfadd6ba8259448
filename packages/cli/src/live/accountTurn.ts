import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileEpochs, type EpochFence, type EpochStore } from "@matchpoint/adapters-polymarket";
import { MatchpointError } from "@matchpoint/sdk";
import { buildOfCode } from "../build.ts";
import { lock, type Held } from "./lock.ts";

/** A start's turn with an account: no other process has it until it is released. */
export interface AccountTurn {
  readonly fence: EpochFence;
  release(): void;
}

const WORDS = {
  does: "trades with this account",
  hint: "One process at a time: two would not know each other's orders. End the other one first.",
};

/**
 * Takes an account's lock in each of some folders, and an epoch above all that any of them has seen.
 * @param name - of the account, as a part of files' names
 * @throws MatchpointError `CONFIG_INVALID` while another process has one of the locks, `JOURNAL_WRITE_FAILED`
 */
export function takeTurn(folders: readonly string[], name: string): AccountTurn {
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw failed(folder, cause);
    }
  }
  const store = highestOf(folders.map((folder) => fileEpochs(join(folder, `${name}.epoch`))));
  const held: Held[] = [];
  const release = (): void => {
    for (const each of held.reverse()) each.release();
  };
  let above = store.highest();
  try {
    for (const folder of folders) {
      const path = join(folder, `${name}.json`);
      const each = lock(`${path}.lock`, { ...WORDS, failed }, { above, build: buildOfCode() });
      held.push(each);
      // The next lock's number, and with it the epoch, is at least this one.
      above = Math.max(above, each.epoch - 1);
    }
    return { fence: { epoch: held.at(-1)!.epoch, store }, release };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Where a user's programs keep what outlasts them: `MATCHPOINT_STATE`, systemd's `STATE_DIRECTORY`, `XDG_STATE_HOME`, or the folder that
 * those stand for. Two runs of one user with the same wallet meet here, whatever their `journal.dir`.
 * Source: XDG Base Directory Specification 0.8; systemd.exec(5), StateDirectory=.
 */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const given = (name: string): string | undefined => {
    const value = env[name];
    return value === undefined || value === "" ? undefined : value;
  };
  const home = process.platform === "win32" ? given("LOCALAPPDATA") : given("XDG_STATE_HOME");
  return (
    given("MATCHPOINT_STATE") ??
    given("STATE_DIRECTORY")?.split(":")[0] ??
    join(home ?? join(homedir(), ".local", "state"), "matchpoint")
  );
}

/** The highest of several; what is kept is kept in all. */
function highestOf(stores: readonly EpochStore[]): EpochStore {
  return {
    highest: () => Math.max(...stores.map((each) => each.highest())),
    raise: (epoch) => {
      for (const each of stores) each.raise(epoch);
    },
  };
}

function failed(path: string, cause: unknown): MatchpointError {
  return new MatchpointError("JOURNAL_WRITE_FAILED", cause instanceof Error ? cause.message : String(cause), {
    where: path,
    hint: "An account's lock is kept in journal.dir and in MATCHPOINT_STATE (~/.local/state/matchpoint): both have to be folders that can be written.",
    cause,
  });
}
