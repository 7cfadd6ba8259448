import { describe, expect, it } from "vitest";
import { WORST } from "../hostile.ts";
import { ordeal } from "../ordeal.ts";
import { decode, told } from "../support.ts";
import { decoders, frames } from "./hostile.ts";

describe("hostile answers of OpenDota", () => {
  for (const [name, make] of Object.entries(decoders)) {
    it(`never make the ${name} decoder throw or say what no journal takes`, () => {
      const { quarantined, claims } = ordeal(make, frames, 400, 7);
      expect(quarantined).toBeGreaterThan(30);
      expect(claims).toBeGreaterThan(10);
    });
  }

  // An empty list is one that lists nothing.
  it.each(WORST.filter(([, frame]) => frame !== "[]"))(
    "%s is quarantined with a short sample",
    (_, frame) => {
      const events = decode(decoders["fresh"]!(), frame);
      expect(told(events)).toEqual(["frame_quarantined"]);
      const [one] = events as unknown as [{ sample: string; reason: string }];
      expect(one.sample).toBe(frame.slice(0, 200));
      expect(one.reason.length).toBeGreaterThan(5);
      expect(one.reason.length).toBeLessThan(301);
    },
  );
});
