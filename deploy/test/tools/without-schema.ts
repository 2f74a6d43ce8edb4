/** Groups of which no definition can be had by way of a package registry, and where they come from. */
export const withoutSchema: readonly { readonly group: string; readonly project: string }[] = [
  { group: 'kafka.strimzi.io', project: 'Strimzi' },
  { group: 'http.keda.sh', project: "KEDA's HTTP add-on" },
]
