// Starts Next's server. It listens on what HOSTNAME names, which inside a container is the container's own name wherever
// something sets it, as Kubernetes does: port-forwarding and a sidecar would then find nobody at 127.0.0.1.
process.env.HOSTNAME = "0.0.0.0";
await import("/app/server.js");
