// A venue that takes every order at once, in a thread of its own: it notes when an order's bytes were all there.
import { createServer } from "node:http";
import { parentPort, workerData } from "node:worker_threads";

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
/**
 * The id that the next order has, 66 characters, told beforehand in memory that both threads see: hashing it here would be measured
 * too, and so would a message about it.
 */
const expected = new Uint8Array(workerData, 8, 66);
/** When the last order had arrived, in ns of the clock of `process.hrtime`. */
const arrivedAt = new BigInt64Array(workerData, 0, 1);

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    const at = process.hrtime.bigint();
    const { url = "" } = request;
    const orderID = url.startsWith("/order") ? Buffer.from(expected).toString("latin1") : "";
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
    if (url.startsWith("/order")) Atomics.store(arrivedAt, 0, at);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  });
}).listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
