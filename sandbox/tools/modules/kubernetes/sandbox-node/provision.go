package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
)

const (
	provisionerName = "sandbox.local/directory"
	storageClass    = "standard"

	// Annotations of Kubernetes' own protocol between scheduler, volume controller and external provisioners.
	provisionedBy      = "pv.kubernetes.io/provisioned-by"
	storageProvisioner = "volume.kubernetes.io/storage-provisioner"
	selectedNode       = "volume.kubernetes.io/selected-node"

	sweepEvery = 5 * time.Second
)

// A provisioner of `local` volumes, one folder each. `local` and not `hostPath`, because only for those the kubelet
// applies a pod's fsGroup.
type provisioner struct {
	client  kubernetes.Interface
	node    string
	folder  string
	claims  corelisters.PersistentVolumeClaimLister
	volumes corelisters.PersistentVolumeLister
	wake    chan struct{}
}

func newProvisioner(client kubernetes.Interface, node, folder string) *provisioner {
	return &provisioner{client: client, node: node, folder: folder, wake: make(chan struct{}, 1)}
}

// Sweeps over all claims and volumes whenever one of them changes: there are a handful, and a sweep needs no memory of
// what failed before. The ticker repeats what failed for a reason outside Kubernetes.
func (p *provisioner) run(ctx context.Context) error {
	factory := informers.NewSharedInformerFactory(p.client, 0)
	claims, volumes := factory.Core().V1().PersistentVolumeClaims(), factory.Core().V1().PersistentVolumes()
	p.claims, p.volumes = claims.Lister(), volumes.Lister()
	notify := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { p.notify() },
		UpdateFunc: func(any, any) { p.notify() },
		DeleteFunc: func(any) { p.notify() },
	}
	for _, informer := range []cache.SharedIndexInformer{claims.Informer(), volumes.Informer()} {
		if _, err := informer.AddEventHandler(notify); err != nil {
			return err
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		p.sweep(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-p.wake:
		case <-ticker.C:
		}
	}
}

func (p *provisioner) notify() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *provisioner) sweep(ctx context.Context) {
	claims, _ := p.claims.List(everything)
	for _, claim := range claims {
		if wanted(claim, p.node) {
			report("make volume for "+claim.Namespace+"/"+claim.Name, p.create(ctx, claim))
		}
	}
	volumes, _ := p.volumes.List(everything)
	for _, volume := range volumes {
		if released(volume) {
			report("remove volume "+volume.Name, p.remove(ctx, volume))
		}
	}
	report("remove folders without a volume", p.removeOrphans(ctx))
}

// Makes the folder and its volume. The name follows from the claim, so that making it twice is refused by the API.
func (p *provisioner) create(ctx context.Context, claim *corev1.PersistentVolumeClaim) error {
	volume := volumeFor(claim, p.node, p.folder)
	if _, err := p.volumes.Get(volume.Name); err == nil {
		return nil
	}
	path := volume.Spec.Local.Path
	if err := os.MkdirAll(path, 0o777); err != nil {
		return err
	}
	// MkdirAll is subject to the umask; a container's user of any number must be able to write.
	if err := os.Chmod(path, 0o777); err != nil {
		return err
	}
	_, err := p.client.CoreV1().PersistentVolumes().Create(ctx, volume, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

func (p *provisioner) remove(ctx context.Context, volume *corev1.PersistentVolume) error {
	if err := os.RemoveAll(filepath.Join(p.folder, volume.Name)); err != nil {
		return err
	}
	err := p.client.CoreV1().PersistentVolumes().Delete(ctx, volume.Name, metav1.DeleteOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// Removes folders left by volumes that were deleted by hand. The API is asked, not the cache: it may lag behind a volume
// made a moment ago.
func (p *provisioner) removeOrphans(ctx context.Context) error {
	entries, err := os.ReadDir(p.folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if _, err := p.volumes.Get(entry.Name()); !apierrors.IsNotFound(err) {
			continue
		}
		byName := metav1.ListOptions{FieldSelector: fields.OneTermEqualSelector("metadata.name", entry.Name()).String()}
		found, err := p.client.CoreV1().PersistentVolumes().List(ctx, byName)
		if err != nil {
			return err
		}
		if len(found.Items) == 0 {
			if err := os.RemoveAll(filepath.Join(p.folder, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func report(what string, err error) {
	if err != nil {
		log.Print(fmt.Errorf("cannot %s: %w", what, err))
	}
}
