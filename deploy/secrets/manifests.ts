import { stringify } from 'yaml'
import type { Material } from './material.ts'
import { type SecretType, secretTable } from './table.ts'

export type SecretManifest = {
  readonly apiVersion: 'v1'
  readonly kind: 'Secret'
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly type: SecretType
  readonly stringData: Readonly<Record<string, string>>
}

/** Each Secret of the table, in each of its namespaces. */
export const secretManifests = (material: Material): SecretManifest[] =>
  secretTable.flatMap(({ name, namespaces, type = 'Opaque', values }) =>
    namespaces.map((namespace) => ({
      apiVersion: 'v1' as const,
      kind: 'Secret' as const,
      metadata: { name, namespace },
      type,
      stringData: values(material),
    })),
  )

/** `app.users-secret`: the name of its file, without an end. */
export const fileNameOf = ({ metadata }: SecretManifest) => `${metadata.namespace}.${metadata.name}`

export const yamlOf = (value: unknown): string => stringify(value, { lineWidth: 0 })

/** What lists the files for kustomize. */
export const kustomizationOf = (files: readonly string[]): string =>
  yamlOf({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [...files].sort(),
  })
