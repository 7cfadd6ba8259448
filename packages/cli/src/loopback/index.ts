/** HTTP on this machine's own interface: who is let in, and the server that all doors of a run are. @module */
export {
  CONTROL_HEADER,
  fromHere,
  holdsToken,
  isToken,
  meansIt,
  WRONG_TOKEN,
  type Refusal,
} from "./guard.ts";
export { serveLoopback, type Upgrade } from "./server.ts";
export { jsonAnswer, refused, textOf, TOO_LONG, type Answer } from "./messages.ts";
