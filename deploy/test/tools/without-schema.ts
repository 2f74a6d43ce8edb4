/** Groups of which no definition can be had by way of a package registry, and where they come from. */
export const withoutSchema: readonly { readonly group: string; readonly project: string }[] = [
  { group: 'cloud.google.com', project: "Google's GKE" },
  { group: 'kafka.strimzi.io', project: 'Strimzi' },
  { group: 'networking.gke.io', project: "Google's GKE" },
]
