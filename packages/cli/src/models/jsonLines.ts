import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { MatchpointError } from "@matchpoint/sdk";

/**
 * Reads a file of one JSON value a line; empty lines are passed over.
 *
 * @throws MatchpointError `FILE_NOT_FOUND`, or `RECORDING_INVALID` naming the line that is no JSON
 */
export async function* readJsonLines(
  file: string,
): AsyncGenerator<{ readonly value: unknown; readonly where: string }> {
  if (!existsSync(file))
    throw new MatchpointError("FILE_NOT_FOUND", "there is no such file", { where: file });
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file, "utf8") })) {
    number += 1;
    if (line.trim() === "") continue;
    const where = `${file}:${number}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw new MatchpointError("RECORDING_INVALID", "the line is no JSON", { where, cause });
    }
    yield { value, where };
  }
}
