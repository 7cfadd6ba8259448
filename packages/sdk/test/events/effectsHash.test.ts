import { describe, expect, it } from "vitest";
import { EffectsHasher, effectText, type Effect, type Intent } from "../../src/events/index.ts";

const intent = {
  intentId: "s-1",
  strategyId: "s",
  marketId: "m",
  outcome: 0,
  side: "buy",
  orderType: "GTC",
  postOnly: false,
  limit: 5_000,
  size: 10_000_000,
  purpose: "entry",
  reason: "cheap",
} as unknown as Intent;

const EFFECTS = [
  { type: "place", intent },
  { type: "cancel", intentId: "s-1", orderId: "0xabc", marketId: "m", reason: "moved" },
  { type: "chain", action: { actionId: "chain-1", kind: "merge", marketId: "m", amounts: [5, 5] } },
  { type: "set_timer", timerId: "t", due: 5 },
  { type: "clear_timer", timerId: "t" },
  { type: "denied", intent, code: "ORDER_USDC", detail: "too large" },
  {
    type: "transition",
    machine: "trading",
    subject: "m",
    marketId: "m",
    from: "IDLE",
    to: "HALT",
    reason: "gap",
  },
] as unknown as readonly Effect[];

/** Every way to change one value in an effect, nested ones too. */
function* mutations(value: unknown, path: string[] = []): Generator<[string, unknown]> {
  if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      for (const [name, changed] of mutations(item, [...path, key])) {
        yield [
          name,
          Array.isArray(value) ? Object.assign([...value], { [key]: changed }) : { ...value, [key]: changed },
        ];
      }
    }
    return;
  }
  const name = path.join(".");
  if (typeof value === "number") yield [name, value + 1];
  else if (typeof value === "boolean") yield [name, !value];
  else if (typeof value === "string") yield [name, `${value}x`];
}

const hash = (effects: readonly Effect[]) => new EffectsHasher().add(effects);

describe("hash of effects", () => {
  it("changes with every field of every hashed effect, except what the venue names", () => {
    let checked = 0;
    for (const effect of EFFECTS) {
      for (const [name, changed] of mutations(effect)) {
        if (name === "type") continue;
        const same = hash([changed as Effect]) === hash([effect]);
        expect([effect.type, name, same]).toEqual([effect.type, name, name === "orderId"]);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(40);
  });

  it("tells absent from zero in the optional fields of an intent", () => {
    for (const field of ["spend", "expiresAt", "edge"]) {
      expect(hash([{ type: "place", intent: { ...intent, [field]: 0 } }])).not.toBe(hash([EFFECTS[0]!]));
    }
  });

  it("does not depend on the order in which fields were written", () => {
    const turned = Object.fromEntries(Object.entries(intent).reverse()) as unknown as Intent;
    expect(hash([{ intent: turned, type: "place" }])).toBe(hash([EFFECTS[0]!]));
  });

  it("depends on the order of effects, and cannot be fooled by separators in text", () => {
    expect(hash([EFFECTS[3]!, EFFECTS[4]!])).not.toBe(hash([EFFECTS[4]!, EFFECTS[3]!]));
    const cancel = (intentId: string, reason: string) =>
      hash([{ type: "cancel", intentId, marketId: "m", reason } as unknown as Effect]);
    expect(cancel("a;1:m", "b")).not.toBe(cancel("a", "1:m;b"));
  });

  it("leaves alarms out, and steps that decide nothing", () => {
    const hasher = new EffectsHasher();
    const empty = hasher.chain;
    expect(hasher.add([])).toBeUndefined();
    expect(hasher.add([{ type: "alarm", code: "X", message: "m" }])).toBeUndefined();
    expect(effectText({ type: "alarm", code: "X", message: "m" })).toBe("");
    expect(hasher.chain).toBe(empty);
  });

  it("chains steps, and goes on where a run left off", () => {
    const whole = new EffectsHasher();
    whole.add([EFFECTS[0]!]);
    const half = whole.chain;
    whole.add([EFFECTS[1]!]);
    const resumed = new EffectsHasher(half);
    resumed.add([EFFECTS[1]!]);
    expect(resumed.chain).toBe(whole.chain);
    const apart = new EffectsHasher();
    apart.add([EFFECTS[0]!, EFFECTS[1]!]);
    expect(apart.chain).not.toBe(whole.chain);
    expect(whole.chain).toMatch(/^[0-9a-f]{32}$/);
  });
});
