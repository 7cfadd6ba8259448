import { describe, expect, it } from "vitest";
import { WORST } from "../hostile.ts";
import { ordeal } from "../ordeal.ts";
import { decode, told } from "../support.ts";
import { decoders, frames } from "./hostile.ts";

describe("hostile frames", () => {
  for (const [name, make] of Object.entries(decoders)) {
    it(`never make the ${name} decoder throw or say what no journal takes`, () => {
      const { quarantined, claims } = ordeal(make, frames, 500, 7);
      expect(quarantined).toBeGreaterThan(100);
      expect(claims).toBeGreaterThan(10);
    });

    it.each(WORST)(`%s is quarantined by the ${name} decoder with a short sample`, (_, frame) => {
      const events = decode(make(), frame);
      expect(told(events)).toEqual(["frame_quarantined"]);
      const [one] = events as unknown as [{ sample: string; reason: string }];
      expect(one.sample).toBe(frame.slice(0, 200));
      expect(one.reason.length).toBeGreaterThan(5);
      expect(one.reason.length).toBeLessThan(301);
    });
  }
});
