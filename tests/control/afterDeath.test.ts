import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue } from "@matchpoint/paper-venue";
import { expect, it } from "vitest";
import { KEY, liveConfig, WALLET } from "../cli/liveSupport.ts";
import { ROOT, startBot, temporaryFolder } from "../cli/support.ts";
import { wordsOf } from "./unit.ts";

const CANCELLER = join(ROOT, "packages/adapters-polymarket/src/cancelAll/bin.ts");

it("cancels what a bot left that was killed with SIGKILL, by the unit's own command, and fails where it cannot tell", async () => {
  const venue = await startVenue({ seed: 3, funds: { [WALLET]: 500_000_000 as never }, liquidity: "agents" });
  const cwd = temporaryFolder();
  const secrets = join(cwd, "secrets");
  mkdirSync(secrets);
  try {
    const strategies = `{ use: "${join(ROOT, "tests/cli/lateRester.ts")}", params: { after: 1 } }`;
    const execution = `journal: { dir: "${cwd}" }`;
    const config = liveConfig(venue, cwd, "bot.yaml", { strategies, execution });
    writeFileSync(join(secrets, "MATCHPOINT_PRIVATE_KEY"), `${KEY}\n`, { mode: 0o600 });
    const { PATH = "" } = process.env;
    const env = { CREDENTIALS_DIRECTORY: secrets, MATCHPOINT_PRIVATE_KEY: "" };
    const words = wordsOf("ExecStart").map((word) => (word === "/etc/matchpoint/bot.yaml" ? config : word));
    const bot = startBot(words, { cwd, env });
    const open = (): number => venue.venue.exchange.view(WALLET.toLowerCase()).openOrders().length;
    await expect.poll(open, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0);
    bot.child.kill("SIGKILL");
    expect(open()).toBeGreaterThan(0);
    expect((await bot.ended).code).toBe(null);

    const after = (url: string, ...more: readonly string[]): Promise<number | null> => {
      const line = ["--no-warnings", CANCELLER, ...wordsOf("ExecStopPost"), ...more, "--url", url];
      const child = spawn(process.execPath, line, { env: { PATH, ...env }, stdio: "ignore" });
      return new Promise((done) => child.on("close", done));
    };
    // Nobody answers there: that nothing is open is not proven, and the unit must not look as if it were.
    const [nowhere, here] = await Promise.all([after("http://127.0.0.1:9", "--for", "1"), after(venue.clob)]);
    expect(here).toBe(0);
    expect(open()).toBe(0);
    expect(nowhere).not.toBe(0);
  } finally {
    rmSync(secrets, { recursive: true, force: true });
    await venue.close();
  }
});
