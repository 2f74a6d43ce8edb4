import { isSelected } from '../model/selector.ts'
import { at, isRecord, listOf, recordsOf, textOf, textsOf } from '../render/json.ts'
import type { Manifest } from '../render/resource.ts'
import { clusterReaders } from './access.ts'
import { forWorkloads, type Rule } from './rule.ts'

const selectorKey = 'app.kubernetes.io/name'

/** Seconds for which a pod that is told to stop still answers, at the least. */
const pauseSeconds = 5

const rolling = 'spec.strategy.rollingUpdate.maxUnavailable'

const isRolling = (manifest: Manifest) => at(manifest, 'spec.strategy.type') !== 'Recreate'

/** Writers to a volume that may be there twice for a moment, and why. */
const mayOverlap: Readonly<Record<string, string>> = {
  'edge/traefik':
    'writes its certificates every other month, on the one node that has them; an edge that is away for each rollout is worse',
}

export const podRules: readonly Rule[] = [
  forWorkloads('labels', 'Every pod says what it is, and that it is ours.', ({ labels, name }) => {
    if (!labels[selectorKey]) return `its pods have no ${selectorKey}`
    return labels['app.kubernetes.io/part-of'] === 'plexus' ? null : `${name} is part of nothing`
  }),
  forWorkloads(
    'selector',
    'A workload selects its own pods, by their name and nothing that changes.',
    ({ kind, manifest, labels, isServing }) => {
      if (!isServing || kind === 'Pod') return null
      const selector = at(manifest, 'spec.selector')
      const keys = Object.keys(textsOf(at(selector, 'matchLabels')))
      if (!isSelected(selector, labels)) return 'does not select its own pods'
      return keys.join() === selectorKey ? null : `selects by ${keys.join(', ')}`
    },
  ),
  forWorkloads(
    'token',
    'No pod is given a token of the API server that it does not need.',
    ({ pod, namespace, name }) =>
      pod?.automountServiceAccountToken === false || `${namespace}/${name}` in clusterReaders
        ? null
        : 'mounts a token',
  ),
  forWorkloads(
    'rollout',
    'A new version takes no pod away before its own is ready.',
    ({ kind, manifest }) => {
      if (kind !== 'Deployment' || !isRolling(manifest)) return null
      if (at(manifest, rolling) !== 0) return 'maxUnavailable is not 0'
      const seconds = Number(at(manifest, 'spec.minReadySeconds') ?? 0)
      return seconds >= pauseSeconds ? null : `minReadySeconds is ${seconds}`
    },
  ),
  forWorkloads(
    'revisions',
    'A cluster keeps three versions of a workload, and no more.',
    ({ kind, manifest }) =>
      ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind) &&
      at(manifest, 'spec.revisionHistoryLimit') !== 3
        ? 'revisionHistoryLimit is not 3'
        : null,
  ),
  forWorkloads(
    'single-writer',
    'A Deployment that writes to a volume of one node is never there twice.',
    ({ kind, manifest, pod, namespace, name }) => {
      const volumes = recordsOf(pod?.volumes)
      const isWriter = volumes.some(({ persistentVolumeClaim: claim }) => claim !== undefined)
      const isOne = !isRolling(manifest) || `${namespace}/${name}` in mayOverlap
      return kind === 'Deployment' && isWriter && !isOne ? 'rolls while its volume is held' : null
    },
  ),
  forWorkloads(
    'stop-slowly',
    'A pod behind a Service goes on answering until nobody sends anything there.',
    ({ kind, containers, pod, manifest }) => {
      if (kind !== 'Deployment' || !isRolling(manifest)) return null
      const serving = containers.filter(({ isInit, ports }) => !isInit && ports.length > 0)
      const quick = serving.find(
        ({ value }) => Number(at(value, 'lifecycle.preStop.sleep.seconds') ?? 0) < pauseSeconds,
      )
      if (quick) return `container ${quick.name} stops at once`
      const grace = Number(pod?.terminationGracePeriodSeconds ?? 30)
      return grace >= 2 * pauseSeconds ? null : `is killed after ${grace} s`
    },
  ),
  forWorkloads(
    'spread',
    'Pods of one kind do not all stand on one node where there are several.',
    ({ pod, labels, replicas, isServing }) => {
      const isSpread = recordsOf(pod?.topologySpreadConstraints).some(({ labelSelector }) =>
        isSelected(labelSelector, labels),
      )
      return isServing && replicas > 1 && !isSpread ? 'is not spread' : null
    },
  ),
  forWorkloads('ending', 'What must end does: a Job gives up after a while.', (workload) => {
    const { kind, manifest } = workload
    if (workload.isServing) return null
    const spec = kind === 'CronJob' ? at(manifest, 'spec.jobTemplate.spec') : manifest.spec
    const isBound = at(spec, 'activeDeadlineSeconds') !== undefined
    return isBound ? null : 'has no activeDeadlineSeconds'
  }),
  forWorkloads(
    'schedule',
    'A CronJob runs once at a time, by a clock that is named.',
    (workload) => {
      const { kind, manifest } = workload
      if (kind !== 'CronJob') return null
      if (at(manifest, 'spec.concurrencyPolicy') !== 'Forbid') return 'may run twice at a time'
      return textOf(at(manifest, 'spec.timeZone')) ? null : 'has no timeZone'
    },
  ),
  forWorkloads(
    'variables',
    'No two sources give a container the same variable.',
    ({ containers }) => {
      const twice = containers.find(({ value }) => {
        const names = listOf(value.env).map((entry) => (isRecord(entry) ? entry.name : null))
        return new Set(names).size < names.length
      })
      return twice ? `container ${twice.name} has a variable twice` : null
    },
  ),
]
