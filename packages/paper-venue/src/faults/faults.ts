import { MatchpointError } from "@matchpoint/sdk";
import { luck } from "../derive.ts";
import { FAULT_TABLE, isFaultKind, type FaultKind } from "./table.ts";

/** What a fault must meet to strike; every key that is given must fit. */
export interface FaultMatch {
  readonly method?: string;
  /** The beginning of the path. */
  readonly path?: string;
  /** A wallet or signer address. */
  readonly address?: string;
  /** A condition id. */
  readonly market?: string;
  /** `order` or `trade` of the user channel. */
  readonly event?: string;
  /** The status of the order or trade that a frame is about. */
  readonly status?: string;
}

/** A fault to arm. Without `count` and `durationMs` it strikes once. */
export interface FaultOrder {
  readonly kind: FaultKind;
  /** Strikes this often; without it as often as it can within `durationMs`. */
  readonly count?: number;
  readonly durationMs?: number;
  /** Begins this much later. */
  readonly afterMs?: number;
  /** Strikes with this probability each time, drawn from the seed. Default 1. */
  readonly probability?: number;
  readonly match?: FaultMatch;
  readonly params?: Readonly<Record<string, number | string>>;
}

/** An armed fault and how often it took effect. */
export interface FaultReport {
  readonly id: number;
  readonly kind: FaultKind;
  readonly struck: number;
  readonly over: boolean;
}

/** What is about to happen, for {@link FaultMatch} to be compared with. */
export interface Occasion {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly addresses?: readonly string[] | undefined;
  readonly market?: string | undefined;
  readonly event?: string | undefined;
  readonly status?: string | undefined;
}

interface Armed {
  readonly id: number;
  readonly kind: FaultKind;
  readonly from: number;
  until: number;
  left: number;
  readonly probability: number;
  readonly match: FaultMatch;
  readonly params: Readonly<Record<string, number | string>>;
  struck: number;
  tries: number;
}

/** A fault that strikes now. */
export interface Strike {
  readonly kind: FaultKind;
  /** When it would end, in nanoseconds; infinite when only its count ends it. */
  readonly until: number;
  text(name: string): string;
  number(name: string): number;
}

const MS = 1_000_000;

/** What is armed, and what came of it. */
export class Faults {
  readonly #seed: number;
  readonly #armed: Armed[] = [];

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Arms a fault. @throws `MatchpointError` `CONFIG_INVALID` when it is of no kind, or a number of it is out of range */
  arm(order: FaultOrder, at: number): number {
    const { kind, count, durationMs, afterMs = 0, probability = 1, match = {}, params = {} } = order;
    if (!isFaultKind(kind))
      refuse(`kind is ${String(kind)}`, `one of ${Object.keys(FAULT_TABLE).join(", ")}`);
    const row = FAULT_TABLE[kind];
    if (!isRecord(match) || !Object.values(match).every((each) => typeof each === "string"))
      refuse("match is no record of texts", 'match like {method: "POST", path: "/order"}');
    if (!isRecord(params)) refuse("params is no record", `params like ${JSON.stringify(row.params)}`);
    for (const [name, value] of Object.entries(params)) {
      const fallback = (row.params as Readonly<Record<string, number | string>>)[name];
      if (typeof fallback !== typeof value)
        refuse(`${kind}.${name} is ${String(value)}`, `params like ${JSON.stringify(row.params)}`);
    }
    if (count !== undefined && !(Number.isSafeInteger(count) && count > 0))
      refuse(`count is ${count}`, "a whole number above 0");
    for (const ms of [durationMs ?? 0, afterMs]) {
      if (!(ms >= 0 && ms <= 1e10)) refuse(`a time is ${ms} ms`, "from 0 to 1e10 ms");
    }
    if (!(probability >= 0 && probability <= 1)) refuse(`probability is ${probability}`, "from 0 to 1");
    const lasting = durationMs ?? (kind === "restart" ? 90_000 : undefined);
    const from = at + afterMs * MS;
    const armed: Armed = {
      id: this.#armed.length,
      kind,
      from,
      until: lasting === undefined ? Infinity : from + lasting * MS,
      left: count ?? (lasting === undefined ? 1 : Infinity),
      probability,
      match,
      params: { ...row.params, ...params },
      struck: 0,
      tries: 0,
    };
    this.#armed.push(armed);
    if (kind === "restart") {
      const postOnlyMs = Number(armed.params["postOnlyMs"]);
      if (postOnlyMs > 0)
        this.arm({ kind: "post_only", afterMs: afterMs + (lasting ?? 0), durationMs: postOnlyMs, match }, at);
    }
    return armed.id;
  }

  /** Ends a fault, or all of them. */
  disarm(fault: number | undefined, at: number): void {
    for (const each of this.#armed) {
      if (fault === undefined || each.id === fault) {
        each.left = 0;
        each.until = Math.min(each.until, at);
      }
    }
  }

  /** The first armed fault of a kind that fits, which from then on counts as having struck: the caller carries it out. */
  strike(kind: FaultKind, occasion: Occasion, at: number): Strike | undefined {
    for (const armed of this.#armed) {
      if (armed.kind !== kind || armed.left <= 0 || at < armed.from || at >= armed.until) continue;
      if (!fits(armed.match, occasion)) continue;
      armed.tries++;
      if (armed.probability < 1 && luck(this.#seed, `fault|${armed.id}|${armed.tries}`) >= armed.probability)
        continue;
      armed.left--;
      armed.struck++;
      return {
        kind,
        until: armed.until,
        text: (name) => String(armed.params[name]),
        number: (name) => Number(armed.params[name]),
      };
    }
    return undefined;
  }

  reports(at: number): FaultReport[] {
    return this.#armed.map(({ id, kind, struck, left, until }) => ({
      id,
      kind,
      struck,
      over: left <= 0 || at >= until,
    }));
  }
}

function fits(match: FaultMatch, occasion: Occasion): boolean {
  const { method, path, address, market, event, status } = match;
  return (
    (method === undefined || method === occasion.method) &&
    (path === undefined || (occasion.path ?? "").startsWith(path)) &&
    (address === undefined || (occasion.addresses ?? []).includes(address.toLowerCase())) &&
    (market === undefined || market.toLowerCase() === occasion.market?.toLowerCase()) &&
    (event === undefined || event === occasion.event) &&
    (status === undefined || status === occasion.status)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(what: string, wanted: string): never {
  throw new MatchpointError("CONFIG_INVALID", `a fault cannot be armed: ${what}`, {
    hint: `Give ${wanted}.`,
  });
}
