import { closeSync, openSync, readSync } from "node:fs";
import { MatchpointError, type ErrorCode } from "../errors.ts";
import { LineSplitter, type LineSink } from "../events/index.ts";

const BLOCK_BYTES = 1_048_576;

/** What is to be read, for the error when it is not there: `recording`, `journal`. */
export interface ReadOptions {
  readonly what?: string;
  readonly blockBytes?: number;
  /** Where to begin, in bytes from the file's start. Default 0. */
  readonly from?: number;
}

/**
 * A file's bytes in blocks of 1 MiB, each valid until the next is asked for: the buffer is used again, so that a file of any
 * size takes one block of memory.
 *
 * @throws `MatchpointError` `FILE_NOT_FOUND`
 */
export function* readBlocks(path: string, options: ReadOptions = {}): Generator<Uint8Array, void, undefined> {
  const descriptor = openFile(path, options.what ?? "file");
  try {
    // A Buffer, because its indexOf searches many bytes at a time where Uint8Array's goes through them one by one.
    const block = Buffer.allocUnsafeSlow(options.blockBytes ?? BLOCK_BYTES);
    let position = options.from;
    for (;;) {
      const count = readBlock(descriptor, block, position ?? null, path, options.what ?? "file");
      if (count === 0) return;
      if (position !== undefined) position += count;
      yield count === block.length ? block : block.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads a file line by line without making strings. The last line counts also without a newline.
 * @throws `MatchpointError` `FILE_NOT_FOUND`, and `code` for a line that is absurdly long
 */
export function readLines(
  path: string,
  sink: LineSink,
  options: ReadOptions & { readonly code: ErrorCode },
): void {
  const lines = new LineSplitter(sink, { code: options.code });
  for (const block of readBlocks(path, options)) lines.push(block);
  const { rest, line, offset } = lines;
  if (rest.length > 0) sink(rest, 0, rest.length, line, offset);
}

function readBlock(
  descriptor: number,
  block: Uint8Array,
  position: number | null,
  path: string,
  what: string,
): number {
  try {
    return readSync(descriptor, block, 0, block.length, position);
  } catch (cause) {
    throw fileError(path, what, cause); // a folder opens, but does not read
  }
}

/** Opens a file for reading. @throws `MatchpointError` `FILE_NOT_FOUND` */
export function openFile(path: string, what: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    throw fileError(path, what, cause);
  }
}

/** The error for a file that cannot be read. */
export function fileError(path: string, what: string, cause: unknown): MatchpointError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const missing = code === "ENOENT" || code === "ENOTDIR";
  const reason = missing
    ? `there is no ${what} ${path}`
    : `the ${what} ${path} cannot be read (${code || String(cause)})`;
  return new MatchpointError("FILE_NOT_FOUND", reason, {
    hint: missing
      ? "Check the path; relative paths start at the working directory."
      : "Check that it is a file and that you may read it.",
    cause,
  });
}
