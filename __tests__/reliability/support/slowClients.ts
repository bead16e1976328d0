import { connect, type Socket } from "node:net";

/** Clients that have begun a request and send the rest of it very slowly. */
export interface SlowClients {
  /** How many of them the server still holds. */
  readonly open: () => number;
  readonly end: () => void;
}

/** Opens connections that send the body of a POST a byte a second. */
export async function slowClients(url: string, count: number): Promise<SlowClients> {
  const { hostname, port, host } = new URL(url);
  const head = `POST /api/todos HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n`;
  const sockets = await Promise.all(Array.from({ length: count }, () => begin(hostname, Number(port), head)));
  const timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(" ");
  }, 1_000);
  return {
    open: () => sockets.filter((socket) => socket.writable && !socket.readableEnded).length,
    end: () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}

function begin(host: string, port: number, head: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.on("error", reject);
    socket.on("connect", () => socket.write(head, () => resolve(socket)));
    socket.resume();
  });
}
