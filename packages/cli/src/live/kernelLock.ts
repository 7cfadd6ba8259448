import type * as sqlite from "node:sqlite";

/** What came of asking for a file's lock. */
export type KernelLock =
  | { readonly kind: "held"; release(): void }
  /** Another process has it, or another part of this one. */
  | { readonly kind: "busy" }
  /** This Node, or this file system, has no such lock. */
  | { readonly kind: "none" };

/**
 * Asks the kernel for a file's advisory lock, which ends with the process however that ends, also for other containers on the machine.
 * Node has no call for it, but its SQLite takes one on a database's file: one connection, nothing is ever written.
 * Source: sqlite.org/lockingv3.html, the exclusive lock.
 */
export function kernelLock(path: string): KernelLock {
  const module = sqliteModule();
  if (module === undefined) return { kind: "none" };
  let database: sqlite.DatabaseSync | undefined;
  try {
    database = new module.DatabaseSync(path);
    database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    const open = database;
    return {
      kind: "held",
      release: () => {
        open.close();
      },
    };
  } catch (error) {
    database?.close();
    const { errcode } = error as { readonly errcode?: unknown };
    return { kind: errcode === BUSY ? "busy" : "none" };
  }
}

const BUSY = 5;

/** `node:sqlite`, where this Node has it (22.13 and later). That it is called experimental is no news for whoever starts a bot. */
function sqliteModule(): typeof sqlite | undefined {
  const warn = Object.getOwnPropertyDescriptor(process, "emitWarning")!;
  Object.defineProperty(process, "emitWarning", { ...warn, value: () => undefined });
  try {
    return process.getBuiltinModule("node:sqlite");
  } catch {
    return undefined;
  } finally {
    Object.defineProperty(process, "emitWarning", warn);
  }
}
