// A venue that takes every order at once, in a process of its own: it tells when an order's bytes were all there.
import { createServer } from "node:http";

const market = {
  c: `0x${"5f".repeat(32)}`,
  t: [
    { t: "1234567890123456789012345678901234567890", o: "A" },
    { t: "2", o: "B" },
  ],
  mts: 0.01,
  mos: 5,
  nr: false,
};
/** The id that the next order has: told beforehand, since hashing it here would be measured too. */
let expected;
let waiting = () => undefined;
process.on("message", (id) => {
  expected = id;
  waiting();
});

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", async () => {
    const at = process.hrtime.bigint();
    const { url = "" } = request;
    if (url.startsWith("/order") && expected === undefined)
      await new Promise((resolve) => (waiting = resolve));
    const orderID = expected;
    if (url.startsWith("/order")) expected = undefined;
    const answer = url.startsWith("/order")
      ? {
          success: true,
          errorMsg: "",
          orderID,
          status: "live",
          makingAmount: "",
          takingAmount: "",
        }
      : url === "/version"
        ? { version: 2 }
        : url.startsWith("/tick-size")
          ? { minimum_tick_size: 0.01 }
          : url === "/time"
            ? Math.floor(Date.now() / 1000)
            : market;
    if (url.startsWith("/order")) process.send?.(String(at));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  });
}).listen(0, "127.0.0.1", () => process.send?.(server.address().port));
// Whoever started it is gone.
process.on("disconnect", () => process.exit());
