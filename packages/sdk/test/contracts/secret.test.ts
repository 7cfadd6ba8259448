import { format, inspect } from "node:util";
import { MessageChannel } from "node:worker_threads";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/index.ts";

const VALUE = "0xcanary";

describe("a secret", () => {
  it("is given by reveal, and by nothing else", () => {
    expect(new Secret(VALUE).reveal()).toBe(VALUE);
    fc.assert(
      fc.property(fc.string({ minLength: 9 }), (value) => {
        const secret = new Secret(`<${value}>`);
        const text = secret as unknown as string;
        const error = new Error(text, { cause: secret });
        const forms = [
          String(secret),
          text,
          "a".concat(text),
          text + text,
          JSON.stringify(secret),
          JSON.stringify({ a: [secret] }),
          inspect(secret),
          inspect({ deep: { er: [secret] } }, { depth: 9, showHidden: true }),
          inspect(secret, { customInspect: false, showHidden: true, depth: 9 }),
          inspect(new Map([[secret, secret]])),
          format("%s %o %O %j", secret, secret, secret, secret),
          inspect(error),
          JSON.stringify(Object.entries(secret)),
          JSON.stringify(Object.assign({}, secret)),
        ];
        for (const form of forms) expect(form).not.toContain(`<${value}>`);
      }),
    );
    expect([String(secret()), JSON.stringify([secret()]), inspect(secret())]).toEqual([
      "[secret]",
      '["[secret]"]',
      "[secret]",
    ]);
  });

  it("cannot be cloned or posted, whatever it lies in", () => {
    const { port1, port2 } = new MessageChannel();
    for (const value of [secret(), { config: { key: secret() } }, [secret()]]) {
      expect(() => structuredClone(value)).toThrow(/could not be cloned/);
      expect(() => structuredClone(value)).not.toThrow(/canary/);
      expect(() => {
        port1.postMessage(value);
      }).toThrow(/could not be cloned/);
    }
    port1.close();
    port2.close();
  });

  it("cannot be changed", () => {
    expect(() => Object.assign(secret(), { reveal: () => "other" })).toThrow(TypeError);
  });
});

function secret(): Secret {
  return new Secret(VALUE);
}
