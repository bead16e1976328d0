// Sandbox-node does two things inside the sandbox's node: `provision` makes and removes the volumes of the default storage
// class, `check` answers whether the cluster can be used right now.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "/var/lib/sandbox/conf/super-admin.conf", "how to reach the API server")
	volumes := flag.String("volumes", "/var/lib/sandbox/volumes", "folder that holds the volumes")
	node := flag.String("node", "", "name of this node (default: the host name)")
	wait := flag.Duration("wait", 0, "check: how long to wait until everything answers")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, flag.Arg(0), *kubeconfig, *node, *volumes, *wait); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, command, kubeconfig, node, volumes string, wait time.Duration) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if node == "" {
		if node, err = os.Hostname(); err != nil {
			return err
		}
	}
	switch command {
	case "provision":
		return newProvisioner(client, node, volumes).run(ctx)
	case "check":
		return check(ctx, client, node, wait)
	}
	return fmt.Errorf("usage: sandbox-node [flags] provision|check")
}
