import { createReadStream, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { MatchpointError } from "@matchpoint/sdk";

/** Reads a text file line by line, gunzipping what ends in `.gz`, and knows how far it is. */
export class LineFile {
  readonly total: number;
  done = 0;
  readonly path: string;

  constructor(path: string) {
    this.path = existing(path);
    this.total = statSync(path).size;
  }

  /** Lines end with a newline, with or without a carriage return before it, and nothing else: JSON may hold the others. */
  async *lines(): AsyncGenerator<string> {
    const file = createReadStream(this.path);
    file.on("data", (chunk) => {
      this.done += chunk.length;
    });
    const zipped = this.path.endsWith(".gz");
    const input: AsyncIterable<Buffer> = zipped ? pipeline(file, createGunzip(), () => undefined) : file;
    const decoder = new TextDecoder();
    let rest = "";
    try {
      for await (const chunk of input) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop()!;
        for (const line of lines) yield withoutReturn(line);
      }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new MatchpointError("RECORDING_INVALID", `cannot be read: ${why}`, { where: this.path, cause });
    }
    rest += decoder.decode();
    if (rest !== "") yield withoutReturn(rest);
  }
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** A path that is there. @throws MatchpointError `FILE_NOT_FOUND` */
export function existing(path: string): string {
  if (!existsSync(path)) {
    throw new MatchpointError("FILE_NOT_FOUND", `no such file or folder: ${path}`, {
      hint: "Check the path; it is taken relative to the folder that the command runs in.",
    });
  }
  return path;
}

/** A file of a capture: the named one when `path` is a folder, else `path` itself. */
export function captureFile(path: string, name: string | undefined, key: string): string {
  if (!statSync(existing(path)).isDirectory()) return path;
  if (name === undefined) {
    throw new MatchpointError(
      "MAPPING_INVALID",
      `${path} is a folder, and the mapping does not say which file of it to read`,
      {
        hint: `Name it under files.${key}.`,
      },
    );
  }
  return existing(join(path, name));
}
