# shellcheck shell=bash
# Certificates and the components' kubeconfigs, made by kubeadm. They live on the volume and outlast restarts, which is
# why the node's address is fixed.

make_certificates() {
  [ -e "$STATE/certificates-made" ] && return 0
  write_kubeadm_configuration
  {
    kubeadm init phase certs all --config "$STATE/kubeadm.yaml" &&
      kubeadm init phase kubeconfig all --config "$STATE/kubeadm.yaml" --kubeconfig-dir "$CONF" &&
      kubeadm kubeconfig user --config "$STATE/kubeadm.yaml" --client-name system:kube-proxy >"$CONF/kube-proxy.conf"
  } >>"$LOGS/kubeadm.log" 2>&1 || return 1
  touch "$STATE/certificates-made"
  say "certificates made"
}

# ECDSA keys take half a second where RSA keys take ten; ten years, because nothing renews them.
write_kubeadm_configuration() {
  cat >"$STATE/kubeadm.yaml" <<YAML
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: { advertiseAddress: $NODE_IP, bindPort: 6443 }
nodeRegistration: { name: $NODE_NAME, criSocket: unix:///run/containerd/containerd.sock }
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
clusterName: $NODE_NAME
kubernetesVersion: $(kubeadm version -o short)
certificatesDir: $PKI
controlPlaneEndpoint: $NODE_IP:6443
encryptionAlgorithm: ECDSA-P256
certificateValidityPeriod: 87600h
networking: { serviceSubnet: $SERVICE_SUBNET, podSubnet: $POD_SUBNET, dnsDomain: cluster.local }
apiServer: { certSANs: [127.0.0.1, localhost, $NODE_NAME] }
YAML
}
