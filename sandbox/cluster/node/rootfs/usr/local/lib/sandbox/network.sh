# shellcheck shell=bash
# The pods' network: point-to-point links routed by this node. No bridge, hence no br_netfilter module on the host.

prepare_network() {
  sysctl -qw net.ipv4.ip_forward=1 || return 1
  # A packet for a pod that is gone must not leave by the default route. Never the same for services: they have no
  # routes at all and would be refused before they are translated.
  ip route replace unreachable "$POD_SUBNET" metric 4096 || return 1
  write_cni_configuration && masquerade_pods
}

write_cni_configuration() {
  # Leases are on a tmpfs: after a restart no pod of before is left that could hold one.
  cat >/etc/cni/net.d/10-sandbox.conflist <<JSON
{
  "cniVersion": "1.0.0",
  "name": "sandbox",
  "plugins": [
    {
      "type": "ptp",
      "ipMasq": false,
      "ipam": {
        "type": "host-local",
        "dataDir": "/run/cni-leases",
        "ranges": [[{ "subnet": "10.244.0.0/24" }]],
        "routes": [{ "dst": "0.0.0.0/0" }]
      }
    },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
JSON
}

# Pods speak to the world with the node's address, among themselves with their own.
masquerade_pods() {
  nft -f - <<NFT
table ip sandbox {
  chain postrouting {
    type nat hook postrouting priority 110;
    ip saddr $POD_SUBNET ip daddr != { $POD_SUBNET, $NODE_NETWORK } oifname "eth0" masquerade
  }
}
NFT
}
