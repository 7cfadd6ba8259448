// The reference bot: the installed command's own program with one strategy added. Copy this folder to start your own.
import { runCli } from "@matchpoint/cli";
import { FadeTheStomp } from "./fadeTheStomp.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  name: "bot",
  strategies: { [FadeTheStomp.id]: FadeTheStomp },
  strategyFiles: { [FadeTheStomp.id]: new URL("./fadeTheStomp.ts", import.meta.url).href },
});
