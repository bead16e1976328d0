import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { listeningSockets, occupiedPorts } from "../../sandbox/cluster/ports.ts";
import { chooseSubnet, nodeAddress, routedNetworks } from "../../sandbox/cluster/subnet.ts";

describe("a sandbox's network", () => {
  test("is the first that nothing overlaps with", () => {
    expect(chooseSubnet([])).toBe("172.31.200.0/24");
    expect(chooseSubnet(["172.31.200.0/24", "172.17.0.0/16"])).toBe("172.31.201.0/24");
  });

  test("keeps away from wider and from narrower networks and from single addresses", () => {
    expect(chooseSubnet(["172.31.200.0/22"])).toBe("172.31.204.0/24");
    expect(chooseSubnet(["172.31.200.128/25", "172.31.201.7"])).toBe("172.31.202.0/24");
  });

  test("does not exist where a cloud's network has the whole range", () => {
    expect(chooseSubnet(["172.31.0.0/16"])).toBeUndefined();
  });

  test("is not put off by what it cannot read", () => {
    expect(chooseSubnet(["fd00::/64", ""])).toBe("172.31.200.0/24");
  });

  test("gives the node a fixed address", () => {
    expect(nodeAddress("172.31.204.0/24")).toBe("172.31.204.10");
  });

  test("knows the machine's routes", () => {
    const routes = `default via 10.0.0.1 dev eth0
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.5
unreachable 172.31.201.0/24 metric 4096
172.31.202.1 dev tun0
`;
    expect(routedNetworks(routes)).toEqual(["10.0.0.0/24", "172.31.201.0/24", "172.31.202.1"]);
  });
});

describe("ports", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });

  async function listenAt(host: string): Promise<number> {
    server = createServer();
    await new Promise<void>((resolve) => server?.listen(0, host, resolve));
    return (server.address() as { port: number }).port;
  }

  // Elsewhere than on Linux the one does not exclude the other.
  test.each(process.platform === "linux" ? ["127.0.0.1", "0.0.0.0"] : ["127.0.0.1"])(
    "are occupied by who listens at %s",
    async (host) => {
      const port = await listenAt(host);
      expect(await occupiedPorts([port])).toEqual([port]);
    },
  );

  test("are free once nobody listens", async () => {
    const port = await listenAt("127.0.0.1");
    await new Promise((resolve) => server?.close(resolve));
    expect(await occupiedPorts([port])).toEqual([]);
  });

  test("lead to the socket that listens, not to connections", () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:7580 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0 100 0 0 10 0
   1: 0100007F:7580 0100007F:8A3C 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0 20 4 30 10 -1
   2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1 0 100 0 0 10 0`;
    expect(listeningSockets(table, 30080)).toEqual(["111"]);
  });
});
