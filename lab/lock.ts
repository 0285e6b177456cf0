import net from "node:net";

/** Runs `work` while no other process works on the lab of that name. */
export function withLabLock<T>(lab: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  return withLock(`lab/${lab}`, waiting, work);
}

/**
 * Runs `work` while no other process holds the lock of that name.
 *
 * The lock is an abstract unix socket. The kernel releases it when its process ends in any way, and no file remains.
 * A waiting process is connected to the holder, and wakes up when that connection closes.
 */
export async function withLock<T>(name: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  const address = `\0kvm-fleet/${name}`;
  let server = await tryListen(address);
  if (!server) waiting();
  while (!server) {
    await untilReleased(address);
    server = await tryListen(address);
  }
  try {
    return await work();
  } finally {
    server.release();
  }
}

interface HeldLock {
  release(): void;
}

function tryListen(address: string): Promise<HeldLock | undefined> {
  return new Promise((resolve, reject) => {
    const waiters = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      waiters.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => waiters.delete(socket));
    });
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      resolve({
        release: () => {
          server.close();
          for (const socket of waiters) socket.destroy();
        },
      });
    });
  });
}

function untilReleased(address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    // The connection is refused if the holder has released the lock.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      resolve();
    });
    socket.resume();
  });
}
