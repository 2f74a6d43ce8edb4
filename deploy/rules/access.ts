import { at, listOf, recordsOf, textOf } from '../render/json.ts'
import { type Manifest, titleOf } from '../render/resource.ts'
import type { Rule } from './rule.ts'

/** Who reads the whole cluster, and why that is needed. Nobody of ours writes to it. */
export const clusterReaders: Readonly<Record<string, string>> = {
  'ops/prometheus': 'finds what it measures in every namespace',
  'ops/kube-state-metrics': 'counts what there is in every namespace',
}

const reading = ['get', 'list', 'watch']

const subjectsOf = (binding: Manifest): string[] =>
  recordsOf(binding.subjects).map(
    ({ kind, name, namespace }) =>
      `${kind === 'ServiceAccount' ? `${textOf(namespace)}/` : `${textOf(kind)} `}${textOf(name)}`,
  )

const wildcards = (role: Manifest): boolean =>
  recordsOf(role.rules).some((rule) =>
    ['apiGroups', 'resources', 'verbs'].some((field) => listOf(rule[field]).includes('*')),
  )

const writesOrReadsSecrets = (role: Manifest): boolean =>
  recordsOf(role.rules).some(
    ({ verbs, resources }) =>
      listOf(verbs).some((verb) => !reading.includes(String(verb))) ||
      listOf(resources).includes('secrets'),
  )

export const accessRules: readonly Rule[] = [
  {
    name: 'cluster-access',
    promise: 'No account of ours has a role in the whole cluster, but the two that measure it.',
    faultsIn: (cluster) =>
      cluster.of('ClusterRoleBinding').flatMap((binding) =>
        subjectsOf(binding)
          .filter((subject) => !(subject in clusterReaders))
          .map((subject) => `${titleOf(binding)}: gives ${subject} a role in the cluster`),
      ),
  },
  {
    name: 'cluster-role',
    promise: 'What is given in the whole cluster is to look, and not at Secrets.',
    faultsIn: (cluster) =>
      cluster
        .of('ClusterRole')
        .filter(writesOrReadsSecrets)
        .map((role) => `${titleOf(role)}: does more than look`),
  },
  {
    name: 'no-wildcard',
    promise: 'A role names what it allows.',
    faultsIn: (cluster) =>
      [...cluster.of('Role'), ...cluster.of('ClusterRole')]
        .filter(wildcards)
        .map((role) => `${titleOf(role)}: allows "*"`),
  },
  {
    name: 'binding-role',
    promise: 'Every binding gives a role that is there.',
    faultsIn: (cluster) =>
      cluster.of('RoleBinding').flatMap((binding) => {
        const kind = textOf(at(binding, 'roleRef.kind'))
        const name = textOf(at(binding, 'roleRef.name'))
        const namespace = kind === 'Role' ? at(binding, 'metadata.namespace') : undefined
        const isThere = cluster
          .of(kind)
          .some(
            (role) =>
              at(role, 'metadata.name') === name && at(role, 'metadata.namespace') === namespace,
          )
        return isThere ? [] : [`${titleOf(binding)}: there is no ${kind} ${name}`]
      }),
  },
]
