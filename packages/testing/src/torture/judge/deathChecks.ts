import type { DeathEntry, DiskErrorEntry, StartFailedEntry } from "../history.ts";
import type { Verdicts } from "./verdicts.ts";

/** How programs end: I25. A supervisor that starts them again hides nothing. @module */

/** What a start may be refused for: a person has to look. */
const REFUSED: ReadonlySet<string> = new Set(["ACCOUNT_UNEXPLAINED", "JOURNAL_CORRUPT", "RECOVERY_FAILED"]);

/** Follows which programs the disk has refused: they may end by that, and no other error. */
export class Deaths {
  readonly #diskless = new Set<number>();

  refused({ life }: DiskErrorEntry): void {
    this.#diskless.add(life);
  }

  died({ life, how, code, message }: DeathEntry, verdicts: Verdicts): void {
    verdicts.holds("I25", how !== "broke" || this.#byDisk(life, code), `life ${life}`, () => {
      return `life ${life} broke by ${errorOf(code, message)}`;
    });
  }

  failed({ life, code, message }: StartFailedEntry, verdicts: Verdicts): void {
    verdicts.holds("I25", REFUSED.has(code) || this.#byDisk(life, code), `life ${life}`, () => {
      return `life ${life} did not start: ${errorOf(code, message)}`;
    });
  }

  #byDisk(life: number, code: string | undefined): boolean {
    return code === "JOURNAL_WRITE_FAILED" && this.#diskless.has(life);
  }
}

function errorOf(code: string | undefined, message: string | undefined): string {
  return `${code ?? "an error that nobody foresaw"}: ${(message ?? "").slice(0, 200)}`;
}
