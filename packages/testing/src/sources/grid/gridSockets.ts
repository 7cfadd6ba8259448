import type { SourceClient } from "../sourceProtocol.ts";
import type { GridTransaction } from "./gridLog.ts";
import { isJson, type Json } from "./signedDelta.ts";

interface Rule {
  readonly eventTypeMatcher: Readonly<Record<"actor" | "action" | "target", string>>;
  readonly exclude: boolean;
  readonly includeFullState: boolean;
}

const EVERYTHING: Rule = {
  eventTypeMatcher: { actor: "*", action: "*", target: "*" },
  exclude: false,
  includeFullState: true,
};

/** What one client has asked for. */
export class GridSubscription {
  readonly #rules: readonly Rule[];

  private constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** A client that configures nothing hears everything. */
  static plain(): GridSubscription {
    return new GridSubscription([EVERYTHING]);
  }

  /** Reads the first frame of a client that connected with `useConfig=true`. */
  static configured(text: string): GridSubscription | undefined {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return undefined;
    }
    const rules = isJson(json) ? json["rules"] : undefined;
    if (!Array.isArray(rules) || !rules.every(isRule)) return undefined;
    return new GridSubscription(rules);
  }

  /** The frame of a transaction; the last rule that matches an event counts. */
  frame({ envelope, events }: GridTransaction): Json {
    const kept = events.flatMap(({ body, seriesState }) => {
      const rule = this.#rules.findLast(({ eventTypeMatcher: wanted }) => {
        const [actor, action, target] = String(body["type"]).split("-");
        const fits = (pattern: string, value: string | undefined): boolean =>
          pattern === "*" || pattern === value;
        return fits(wanted.actor, actor) && fits(wanted.action, action) && fits(wanted.target, target);
      });
      if (rule === undefined || rule.exclude) return [];
      const full = rule.includeFullState || body["action"] === "sampled";
      return [
        full ? { ...body, includesFullState: true, seriesState } : { ...body, includesFullState: false },
      ];
    });
    return { ...envelope, events: kept };
  }
}

function isRule(rule: unknown): rule is Rule {
  if (!isJson(rule) || !isJson(rule["eventTypeMatcher"])) return false;
  const { actor, action, target } = rule["eventTypeMatcher"];
  const words = [actor, action, target].every((word) => typeof word === "string");
  return words && typeof rule["exclude"] === "boolean" && typeof rule["includeFullState"] === "boolean";
}

/** Which part of the history a client has asked for: its first transaction. */
export function firstWanted({ url }: SourceClient): number {
  const { searchParams } = url;
  const from = searchParams.get("fromSequenceNumber") ?? searchParams.get("fromSessionSequenceNumber");
  const number = Number(from ?? 1);
  return Number.isSafeInteger(number) && number > 0 ? number : 1;
}
