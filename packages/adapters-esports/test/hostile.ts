import fc from "fast-check";

/* Frames that no feed should send: good ones with damage, and what is no frame at all. */

/** Values that a feed must not be able to do harm with. */
export const nasty: fc.Arbitrary<unknown> = fc
  .constantFrom<unknown>(
    ...[null, true, false, -1, 0, 1, 1.5, 99, 100, 1_001, 1_000_001, 1e15, 1e308, 9_007_199_254_740_993],
    ...["", "0", "-1", "1", "null", "x", "1e309", "2026-05-01T10:00:00Z", "0000-01-01 00:00:00"],
    ...[[], {}, [null], [[]], [{}], { id: null }, { constructor: 1 }, "y".repeat(50_000)],
  )
  .map((value) => structuredClone(value)); // it is changed by later hits

interface Site {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function sites(value: unknown, found: Site[] = []): Site[] {
  if (typeof value !== "object" || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value as Record<string, unknown>, key });
    sites((value as Record<string, unknown>)[key], found);
  }
  return found;
}

/** A good frame with some of its fields replaced or removed. */
export function damaged(samples: readonly object[]): fc.Arbitrary<object> {
  return fc
    .record({
      sample: fc.nat({ max: samples.length - 1 }),
      hits: fc.array(fc.tuple(fc.nat(), fc.option(nasty, { nil: undefined })), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    .map(({ sample, hits }) => {
      const frame = structuredClone(samples[sample]!);
      for (const [where, value] of hits) {
        const all = sites(frame);
        const site = all[where % Math.max(1, all.length)];
        if (site === undefined) continue;
        if (value === undefined) Reflect.deleteProperty(site.holder, site.key);
        else site.holder[site.key] = value;
      }
      return frame;
    });
}

/** Text of a frame: damaged, cut, doubled, another one's, or good. */
export function hostile(samples: readonly object[]): fc.Arbitrary<string> {
  const texts = samples.map((sample) => JSON.stringify(sample));
  const good = fc.constantFrom(...texts);
  return fc.oneof(
    { weight: 6, arbitrary: damaged(samples).map((frame) => JSON.stringify(frame)) },
    { weight: 2, arbitrary: good },
    { weight: 1, arbitrary: fc.tuple(good, fc.nat()).map(([text, at]) => text.slice(0, at % text.length)) },
    { weight: 1, arbitrary: fc.tuple(good, good).map(([one, two]) => one + two) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string() },
  );
}

/** Frames that are worth a look by themselves; each is quarantined once. */
export const WORST: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["no JSON", "<html>502</html>"],
  ["null", "null"],
  ["a list", "[]"],
  ["a number", "7"],
  ["an empty object", "{}"],
  ["deep nesting", "[".repeat(100_000)],
  ["deep nesting that closes", `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`],
  ["five megabytes of text", JSON.stringify({ data: "z".repeat(5_000_000) })],
  ["a prototype", '{"__proto__":{"result":[],"data":{"event":{}},"esportsGameId":"1","frames":[]}}'],
];
