# shellcheck shell=bash disable=SC2034 # read by whoever sources it
# Names and places that all parts of the node share.
NODE_NAME=$(hostname)
NODE_IP=$(ip -4 -oneline address show eth0 | awk '{ split($4, a, "/"); print a[1]; exit }')
NODE_NETWORK=$(ip -4 route show dev eth0 scope link | awk '{ print $1; exit }')
NODE_PORTS=${SANDBOX_NODE_PORTS:-30080-30089}

POD_SUBNET=10.244.0.0/16
SERVICE_SUBNET=10.96.0.0/16

STATE=/var/lib/sandbox # on the volume: survives a restart
PKI=$STATE/pki
CONF=$STATE/conf
VOLUMES=$STATE/volumes
LOGS=/var/log/sandbox
RUN=/run/sandbox # on a tmpfs: gone after a restart

export KUBECONFIG=$CONF/super-admin.conf
