import { describe, expect, it } from "vitest";
import { outdated } from "../../scripts/generate-docs.ts";

describe("pages made from code", () => {
  it("say what the code says", () => {
    expect(outdated()).toEqual([]);
  });
});
