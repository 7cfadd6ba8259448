import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";

/** A node that runs. */
export interface AnvilNode {
  readonly url: string;
  readonly process: ChildProcess;
  close(): Promise<void>;
}

const PACKAGES = [`@foundry-rs/anvil-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`];

/**
 * Where the `anvil` program is: in the npm package for this machine, or on the path; `undefined` when in neither.
 *
 * @example
 * ```ts
 * import { findAnvil } from "@matchpoint/paper-venue";
 * if (findAnvil() === undefined) console.log("no local chain here: npm install @foundry-rs/anvil-linux-amd64");
 * ```
 */
export function findAnvil(): string | undefined {
  const require = createRequire(join(process.cwd(), "package.json"));
  for (const from of [require, createRequire(import.meta.url)]) {
    for (const name of PACKAGES) {
      try {
        const found = join(dirname(from.resolve(`${name}/package.json`)), "bin", "anvil");
        if (runs(found)) return found;
      } catch {
        // Not installed there.
      }
    }
  }
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, "anvil"))
    .find(runs);
}

/** Starts a node and waits until it listens. @throws `MatchpointError` `FILE_NOT_FOUND`, `FEED_CONNECTION` */
export async function startAnvil(options: {
  readonly chainId: number;
  readonly port?: number;
  readonly program?: string;
  /** How long it may take until it listens, in ms. Default 20,000. */
  readonly patienceMs?: number;
}): Promise<AnvilNode> {
  const program = options.program ?? findAnvil();
  if (program === undefined)
    throw new MatchpointError("FILE_NOT_FOUND", "there is no anvil, which a local chain needs", {
      hint: `npm install ${PACKAGES[0]!}, or put anvil on the path`,
    });
  const child = spawn(
    program,
    [
      ...["--chain-id", String(options.chainId), "--port", String(options.port ?? 0), "--accounts", "0"],
      // `finalized` is then two blocks behind the latest.
      ...["--slots-in-an-epoch", "1"],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const stop = (): void => void child.kill("SIGKILL");
  process.once("exit", stop);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      process.off("exit", stop);
      resolve();
    });
  });
  const url = await listening(child, stop, options.patienceMs ?? 20_000);
  return {
    url,
    process: child,
    async close() {
      stop();
      await ended;
    },
  };
}

function listening(child: ChildProcess, stop: () => void, patienceMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string): void => {
      stop();
      reject(
        new MatchpointError("FEED_CONNECTION", `the local chain did not start: ${why}`, { where: "anvil" }),
      );
    };
    const deadline = AbortSignal.timeout(patienceMs);
    const late = (): void => fail(`it did not listen within ${patienceMs} ms`);
    deadline.addEventListener("abort", late);
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-8_192);
      const found = /Listening on (\d+\.\d+\.\d+\.\d+:\d+)/.exec(said);
      if (found === null) return;
      deadline.removeEventListener("abort", late);
      resolve(`http://${found[1]!}`);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`it ended with ${String(code)}: ${said.trim().slice(-300)}`));
  });
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
