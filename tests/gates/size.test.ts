import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkSize } from "../../scripts/check-size.ts";

it("refuses files over 500 lines and warns above 350", () => {
  const root = mkdtempSync(join(tmpdir(), "size-"));
  const folder = join(root, "packages/sdk/src/units");
  mkdirSync(folder, { recursive: true });
  for (const lines of [350, 351, 500, 501]) writeFileSync(join(folder, `f${lines}.ts`), "x\n".repeat(lines));
  const { errors, warnings } = checkSize(root);
  rmSync(root, { recursive: true });
  expect(errors).toEqual([expect.stringContaining("f501.ts: 501 lines")]);
  expect(warnings).toEqual([expect.stringContaining("f351.ts"), expect.stringContaining("f500.ts")]);
});
