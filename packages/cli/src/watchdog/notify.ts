import { spawn } from "node:child_process";

/** Tells the service manager, where there is one. Its own program knows how: Node has no sockets of that kind. */
export function notifyManager(words: readonly string[]): void {
  if (process.env["NOTIFY_SOCKET"] === undefined) return;
  const child = spawn("systemd-notify", [`--pid=${process.pid}`, ...words], { stdio: "ignore" });
  child.on("error", () => undefined);
}
