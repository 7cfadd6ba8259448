import { demoCommand } from "./src/commands/demo.ts";
import { terminal } from "./src/terminal.ts";
const seed = Number(process.argv[2] ?? 1);
await demoCommand({ speed: Infinity, json: process.argv[3] === "json", seed, journal: false }, { strategies: {} }, terminal());
