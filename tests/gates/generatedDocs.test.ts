import { describe, expect, it } from "vitest";
import { outdated } from "../../scripts/generate-docs.ts";

describe("pages made from code", () => {
  it("say what the code says, and the front page what the demonstration prints", { timeout: 120_000 }, () => {
    expect(outdated()).toEqual([]);
  });
});
