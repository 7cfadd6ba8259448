import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { runCommand } from "../../packages/cli/src/commands/run.ts";
import { Environment } from "../../packages/cli/src/secrets/environment.ts";
import { fakeMarketServer } from "./fakeMarketServer.ts";
import { temporaryFolder } from "./support.ts";

it("a run is killed by one key, in the middle of a line too", { timeout: 30_000 }, async () => {
  const server = await fakeMarketServer(() => ({}));
  const ending = new AbortController();
  try {
    const dir = temporaryFolder();
    const [config, journal] = [join(dir, "bot.yaml"), join(dir, "run.jsonl")];
    writeFileSync(
      config,
      `
strategies: [{ use: model-maker, params: { reference: microprice } }]
markets: [{ id: m1, title: T1 vs Gen.G, outcomes: [{ token: "1", name: T1 }, { token: "2", name: Gen.G }] }]
feeds: { polymarket: { socket_url: "${server.socketUrl}", rest_url: "${server.restUrl}" } }
journal: { dir: "${dir}" }
`,
    );
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const nothing = (): void => undefined;
    const io = { out: nothing, err: nothing, redraw: nothing, interactive: true, columns: 120 };
    const host = { strategies: {}, environment: new Environment(process.env, false), input };
    const run = runCommand({ config, journal }, host, { ...io, closed: ending.signal });
    const written = (): string => (existsSync(journal) ? readFileSync(journal, "utf8") : "");
    await expect
      .poll(
        () => {
          input.write("hal\u0018");
          return written();
        },
        { timeout: 15_000, interval: 200 },
      )
      .toMatch(/"kind":"operator".*"command":\{"kind":"kill"[^\n]*Ctrl-X/);
    expect(JSON.parse(readFileSync(join(dir, "stop-paper.json"), "utf8"))).toMatchObject({
      kill: { by: "console" },
    });
    ending.abort();
    expect(await run).toBe(0);
  } finally {
    ending.abort();
    await server.close();
  }
});
