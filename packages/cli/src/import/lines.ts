import { createReadStream, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { MatchpointError } from "@matchpoint/sdk";

/** Reads a text file line by line, gunzipping what ends in `.gz`, and knows how far it is. */
export class LineFile {
  readonly total: number;
  done = 0;
  readonly #path: string;

  constructor(path: string) {
    this.#path = existing(path);
    this.total = statSync(path).size;
  }

  async *lines(): AsyncGenerator<string> {
    const file = createReadStream(this.#path);
    file.on("data", (chunk) => {
      this.done += chunk.length;
    });
    const input = this.#path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
    const broken = new Promise<never>((_resolve, reject) => {
      for (const stream of [file, input]) {
        stream.once("error", (cause: Error) => {
          reject(
            new MatchpointError("RECORDING_INVALID", `cannot be read: ${cause.message}`, {
              where: this.#path,
              cause,
            }),
          );
        });
      }
    });
    broken.catch(() => undefined);
    const lines = createInterface({ input, crlfDelay: Infinity })[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([lines.next(), broken]);
      if (next.done === true) return;
      yield next.value;
    }
  }
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
