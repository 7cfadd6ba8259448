import { feedConformance, type FeedSubject } from "@matchpoint/testing";
import { describe, it } from "vitest";

/** Shows every case of a feed as a test (or those whose names fit); what its source cannot show is skipped by name. */
export function testFeed(title: string, subject: FeedSubject, names = /./): void {
  describe.concurrent(`the ${title} feed`, () => {
    for (const { name, skip, run } of feedConformance(subject)) {
      if (!names.test(name)) continue;
      if (skip === undefined) it(name, run);
      else it.skip(`${name} [${skip}]`);
    }
  });
}
