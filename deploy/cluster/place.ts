import { join } from 'node:path'

/** As k3s has them. */
export const addresses = {
  /** Of the bridge: the node itself, and whatever of ours stands outside of the cluster. */
  node: '10.42.0.1',
  pods: '10.42.0.0/16',
  podsOfNode: '10.42.0.0/24',
  services: '10.43.0.0/16',
  kubernetes: '10.43.0.1',
  dns: '10.43.0.10',
} as const

export const ports = { api: 6443, etcd: 2379, etcdPeer: 2380, kubelet: 10250 } as const

export const nodeName = 'node'

/** Where everything of one cluster lies; nothing of it is anywhere else. */
export type Place = { readonly folder: string }

export const at = ({ folder }: Place, ...parts: readonly string[]): string => join(folder, ...parts)

export const kubeconfigOf = (place: Place): string => at(place, 'admin.kubeconfig')
export const socketOf = (place: Place): string => at(place, 'containerd', 'containerd.sock')

/** Of whoever a client has to trust here: the cluster's own authority, and what Pebble issues by. */
export const trustFile = (place: Place): string => at(place, 'trust.pem')

/** What a program beside the cluster finds it by. */
export const settingsOf = (place: Place) => ({
  PLEXUS_CLUSTER: place.folder,
  KUBECONFIG: kubeconfigOf(place),
  NODE_EXTRA_CA_CERTS: trustFile(place),
})
