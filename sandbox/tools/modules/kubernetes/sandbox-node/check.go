package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const (
	clusterDNS   = "10.96.0.10:53"
	probedName   = "kubernetes.default.svc.cluster.local."
	checkPause   = 200 * time.Millisecond
	checkTimeout = 2 * time.Second
)

// Asks everything that a workload needs, by using it: after a restart the API still shows the readiness of before, so
// its word on the DNS is not taken. Repeats until all answer or `wait` is over.
func check(ctx context.Context, client kubernetes.Interface, node string, wait time.Duration) error {
	deadline := time.Now().Add(wait)
	for {
		err := checkOnce(ctx, client, node)
		if err == nil || time.Now().After(deadline) || ctx.Err() != nil {
			return err
		}
		time.Sleep(checkPause)
	}
}

func checkOnce(ctx context.Context, client kubernetes.Interface, node string) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	if _, err := client.Discovery().RESTClient().Get().AbsPath("/readyz").DoRaw(ctx); err != nil {
		// Its own words are a page of checks.
		if status := apierrors.APIStatus(nil); errors.As(err, &status) {
			return fmt.Errorf("the API server is still starting")
		}
		return fmt.Errorf("the API server does not answer: %w", err)
	}
	if err := checkNode(ctx, client, node); err != nil {
		return err
	}
	resolver := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, clusterDNS)
	}}
	if _, err := resolver.LookupHost(ctx, probedName); err != nil {
		return fmt.Errorf("the cluster's DNS does not answer: %w", err)
	}
	return nil
}

func checkNode(ctx context.Context, client kubernetes.Interface, name string) error {
	node, err := client.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("the node is not registered: %w", err)
	}
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady {
			if condition.Status == corev1.ConditionTrue {
				return nil
			}
			return fmt.Errorf("the node is not ready: %s", condition.Message)
		}
	}
	return fmt.Errorf("the node has not reported yet")
}
