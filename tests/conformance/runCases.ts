import { feedConformance, type FeedSubject } from "@matchpoint/testing";
import { describe, it } from "vitest";

/** Shows every case of a feed as a test; what its source cannot show is skipped by name. */
export function testFeed(title: string, subject: FeedSubject): void {
  describe.concurrent(`the ${title} feed`, () => {
    for (const { name, skip, run } of feedConformance(subject)) {
      if (skip === undefined) it(name, run);
      else it.skip(`${name} [${skip}]`);
    }
  });
}
