import {
  ALERT_KINDS,
  NANOS_PER_MS,
  type AlertKind,
  type AlertKindRow,
  type AlertsConfig,
  type Clock,
} from "@matchpoint/sdk";
import { alertOf, type Alert, type News } from "./alert.ts";

/** What lasts, and is told when it has for long enough. */
interface Condition {
  readonly news: News;
  readonly since: number;
  told: boolean;
}

interface Rule {
  readonly afterS: number;
  readonly everyS: number;
}

const SECOND = 1_000 * NANOS_PER_MS;
/** Subjects whose last telling is remembered. */
const MOST = 5_000;

/**
 * Decides what is told and when: what lasts only after it has, the same of the same subject not too often, and that something is over
 * when it was told that it had begun.
 */
export class Conditions {
  readonly #rules: ReadonlyMap<AlertKind, Rule>;
  readonly #clock: Pick<Clock, "monotonic" | "wall">;
  readonly #tell: (alert: Alert) => void;
  readonly #lasting = new Map<string, Condition>();
  /** When each subject was last told of, and how often it has been kept back since. */
  readonly #told = new Map<string, { at: number; kept: number }>();

  constructor(
    kinds: AlertsConfig["kinds"],
    clock: Pick<Clock, "monotonic" | "wall">,
    tell: (alert: Alert) => void,
  ) {
    this.#rules = new Map(
      Object.entries<AlertKindRow>(ALERT_KINDS).map(([name, { afterS = 0, everyS }]) => {
        const kind = name as AlertKind;
        const given = kinds[kind];
        return [kind, { afterS: given?.after_s ?? afterS, everyS: given?.every_s ?? everyS }];
      }),
    );
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Something happened. */
  raise(news: News): void {
    const now = this.#clock.monotonic();
    const key = keyOf(news.kind, news.subject);
    const before = this.#told.get(key);
    if (before !== undefined && now - before.at < this.#rules.get(news.kind)!.everyS * SECOND) {
      before.kept += 1;
      return;
    }
    if (this.#told.size >= MOST) this.#told.delete(this.#told.keys().next().value!);
    // Deleted first: a map keeps the order of first insertion, and the oldest are let go first.
    this.#told.delete(key);
    this.#told.set(key, { at: now, kept: 0 });
    this.#tell(alertOf(news, "raised", this.#clock.wall(), before?.kept ?? 0));
  }

  /** Something has begun that will end; begun again, nothing changes. */
  begin(news: News): void {
    const key = keyOf(news.kind, news.subject);
    if (this.#lasting.has(key)) return;
    if (this.#lasting.size >= MOST) this.#lasting.delete(this.#lasting.keys().next().value!);
    this.#lasting.set(key, { news, since: this.#clock.monotonic(), told: false });
    this.look();
  }

  /** It has ended. */
  end(kind: AlertKind, subject: string): void {
    const key = keyOf(kind, subject);
    const known = this.#lasting.get(key);
    if (known === undefined) return;
    this.#lasting.delete(key);
    if (known.told && this.#told.get(key)?.kept === 0)
      this.#tell(alertOf(known.news, "over", this.#clock.wall(), 0));
  }

  /** Tells what has lasted for long enough by now. */
  look(): void {
    const now = this.#clock.monotonic();
    for (const condition of this.#lasting.values()) {
      const { news, since, told } = condition;
      if (told || now - since < this.#rules.get(news.kind)!.afterS * SECOND) continue;
      condition.told = true;
      this.raise(news);
    }
  }
}

function keyOf(kind: AlertKind, subject: string): string {
  return `${kind} ${subject}`;
}
