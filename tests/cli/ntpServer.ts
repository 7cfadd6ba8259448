import { createSocket } from "node:dgram";
import { once } from "node:events";

const UNIX_EPOCH_S = 2_208_988_800;

/** An NTP server whose clock is `offsetMs` ahead of this machine's. */
export async function startNtp(
  offsetMs: number,
): Promise<{ readonly address: string; readonly close: () => void }> {
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => {
    const answer = Buffer.alloc(48);
    answer[0] = 0x24;
    answer[1] = 1;
    question.copy(answer, 24, 40, 48);
    const now = Date.now() + offsetMs;
    for (const at of [32, 40]) {
      answer.writeUInt32BE(Math.floor(now / 1000) + UNIX_EPOCH_S, at);
      answer.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 4_294_967_296), at + 4);
    }
    socket.send(answer, from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: () => {
      socket.close();
    },
  };
}
