// The thread of one isolated strategy: it is given a market as plain data, calls the hook, and posts what the hook asked for.
import * as modules from "node:module";
import { getHeapStatistics } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { IsolatedHost, MatchpointError, type HostedCall } from "@matchpoint/sdk";
import { loadStrategy } from "../strategies.ts";
import { BEGAN, DONE, type IsolationData, type Posted } from "./shared.ts";

const port = parentPort!;
const { use, folder, params, heapMb, memory } = workerData as IsolationData;
const slots = new Int32Array(memory);
const post = port.postMessage.bind(port);
const json = JSON.stringify.bind(JSON);
const parse = JSON.parse.bind(JSON);

function say(posted: Posted): void {
  post(json(posted));
}

/** Buffers that nothing holds any more stay for a while: so much of them is no fault. In MiB. */
const LOOSE_MB = 128;

/** V8 limits its own heap, and not what typed arrays lie in. */
function demandRoom(): void {
  const held = Math.round(getHeapStatistics().external_memory / 2 ** 20);
  if (held > heapMb + LOOSE_MB)
    throw new MatchpointError(
      "STRATEGY_FAULT",
      `its buffers take ${held} MiB, more than heap_mb (${heapMb}) and ${LOOSE_MB}`,
    );
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Modules that reach beyond the thread. Not a wall, a seat belt: a hook has no business with any of them. */
const BUILTINS = new Set([
  "assert",
  "buffer",
  "events",
  "path",
  "querystring",
  "string_decoder",
  "url",
  "util",
]);

function buckle(): void {
  const refuse = (name: string): never => {
    throw new MatchpointError("STRATEGY_FAULT", `an isolated strategy may not load ${name}`);
  };
  const { registerHooks } = modules as { readonly registerHooks?: typeof modules.registerHooks };
  registerHooks?.({
    resolve: (specifier, context, next) => {
      const name = specifier.replace(/^node:/, "");
      if (modules.isBuiltin(specifier) && !BUILTINS.has(name)) refuse(specifier);
      return next(specifier, context);
    },
  });
  const kept = process as unknown as Record<string, unknown>;
  for (const name of ["getBuiltinModule", "binding", "dlopen", "kill", "chdir"])
    kept[name] = () => refuse(`process.${name}`);
}

const strategy = await loadStrategy(use, {}, folder);
buckle();
const host = new IsolatedHost(strategy, params);
say({ seq: 0, hooks: host.hooks });

port.on("message", (text: string) => {
  const { seq, call } = parse(text) as { readonly seq: number; readonly call: HostedCall };
  Atomics.store(slots, BEGAN, seq);
  let posted: Posted;
  try {
    posted = { seq, actions: host.run(call) };
    demandRoom();
  } catch (error) {
    posted = { seq, fault: textOf(error) };
  }
  Atomics.store(slots, DONE, seq);
  try {
    say(posted);
  } catch (error) {
    say({ seq, fault: textOf(error) });
  }
});
