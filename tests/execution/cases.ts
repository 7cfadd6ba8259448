import { executionConformance, type ExecutionSubject } from "@matchpoint/testing";
import { describe, it } from "vitest";

/** Shows every case of an adapter as a test; what its stage cannot bring about is skipped by name. */
export function testExecution(subject: ExecutionSubject, names = /./): void {
  describe(`${subject.name} as an execution adapter`, () => {
    for (const { name, skip, run } of executionConformance(subject)) {
      if (!names.test(name)) continue;
      if (skip === undefined) it(name, run);
      else it.skip(`${name} [${skip}]`);
    }
  });
}
