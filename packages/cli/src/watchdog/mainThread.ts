import { Session, type Debugger } from "node:inspector";

/** The main thread, stopped where it was. */
export interface Stopped {
  /** What it was doing, innermost first: function, file and line. */
  readonly stack: readonly string[];
  /** Ends the process with a code; resolves only when that did not work. */
  exit(code: number): Promise<void>;
}

const FRAMES = 8;

/**
 * Stops the main thread from another one, in the middle of whatever code it runs: from then on it sends nothing. `undefined` when it
 * cannot be stopped in time, because it is not in JavaScript.
 */
export async function stopMainThread(withinMs: number): Promise<Stopped | undefined> {
  const session = new Session();
  const scripts = new Map<string, string>();
  session.on("Debugger.scriptParsed", ({ params }) => {
    scripts.set(params.scriptId, params.url);
  });
  const post = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      session.post(method, params, (error, result) => {
        if (error === null) resolve(result);
        else reject(error);
      });
    });
  const paused = new Promise<Debugger.PausedEventDataType>((resolve) => {
    session.once("Debugger.paused", ({ params }) => {
      resolve(params);
    });
  });
  const stopped = async (): Promise<Stopped | undefined> => {
    session.connectToMainThread();
    await post("Debugger.enable");
    await post("Debugger.pause");
    const { callFrames } = await paused;
    const [top] = callFrames;
    if (top === undefined) return undefined;
    const stack = callFrames.slice(0, FRAMES).map(({ functionName, url, location }) => {
      const file = url === "" ? (scripts.get(location.scriptId) ?? "") : url;
      return `${functionName === "" ? "(anonymous)" : functionName} (${file}:${location.lineNumber + 1})`;
    });
    return {
      stack,
      exit: async (code) => {
        const expression = `process.reallyExit(${code})`;
        await post("Debugger.evaluateOnCallFrame", { callFrameId: top.callFrameId, expression });
      },
    };
  };
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => {
      resolve(undefined);
    }, withinMs);
  });
  return Promise.race([stopped().catch(() => undefined), late]);
}
