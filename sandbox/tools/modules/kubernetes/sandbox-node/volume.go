package main

import (
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

var everything = labels.Everything()

// Whether a claim waits for this provisioner: it is unbound, meant for it, and the scheduler has chosen this node.
func wanted(claim *corev1.PersistentVolumeClaim, node string) bool {
	return claim.DeletionTimestamp == nil &&
		claim.Status.Phase == corev1.ClaimPending &&
		claim.Spec.VolumeName == "" &&
		claim.Annotations[storageProvisioner] == provisionerName &&
		claim.Annotations[selectedNode] == node
}

// Whether a volume of this provisioner has lost its claim and is to go with its data.
func released(volume *corev1.PersistentVolume) bool {
	phase := volume.Status.Phase
	return volume.DeletionTimestamp == nil &&
		volume.Annotations[provisionedBy] == provisionerName &&
		volume.Spec.PersistentVolumeReclaimPolicy == corev1.PersistentVolumeReclaimDelete &&
		(phase == corev1.VolumeReleased || phase == corev1.VolumeFailed)
}

func volumeFor(claim *corev1.PersistentVolumeClaim, node, folder string) *corev1.PersistentVolume {
	name := "pvc-" + string(claim.UID)
	class := storageClass
	if claim.Spec.StorageClassName != nil {
		class = *claim.Spec.StorageClassName
	}
	onThisNode := corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{
		{Key: corev1.LabelHostname, Operator: corev1.NodeSelectorOpIn, Values: []string{node}},
	}}
	return &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{provisionedBy: provisionerName}},
		Spec: corev1.PersistentVolumeSpec{
			Capacity:                      corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			AccessModes:                   claim.Spec.AccessModes,
			VolumeMode:                    claim.Spec.VolumeMode,
			PersistentVolumeReclaimPolicy: corev1.PersistentVolumeReclaimDelete,
			StorageClassName:              class,
			ClaimRef: &corev1.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
			PersistentVolumeSource: corev1.PersistentVolumeSource{Local: &corev1.LocalVolumeSource{Path: filepath.Join(folder, name)}},
			NodeAffinity:           &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{onThisNode}}},
		},
	}
}
