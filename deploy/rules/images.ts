import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Cluster } from '../model/cluster.ts'
import type { Workload } from '../model/workload.ts'
import { imageParts } from '../render/images.ts'
import { type JsonRecord, recordsOf, textOf } from '../render/json.ts'
import { nameOf, namespaceOf } from '../render/resource.ts'
import { forContainers, type Rule } from './rule.ts'

const Record = z.object({
  images: z.array(z.object({ reference: z.string(), digest: z.string() })),
})

/** What `bun run images` computed: the only digests of ours that there are. */
const recordFile = join(import.meta.dirname, '../images.json')
const { images } = Record.parse(JSON.parse(readFileSync(recordFile, 'utf8')))

const registry = 'ghcr.io/plexus-platform/'

/** Of ours, but made where Debian's and others' packages can be had: their digest is computed there. */
const builtElsewhere = ['keycloak', 'postgres'].map((name) => `${registry}${name}`)

const isExact = (tag: string) => /\d/.test(tag) && tag !== 'latest'

/** The Secret by which a node may pull from our registry, which is private. */
const pullSecret = 'ghcr-secret'

const namesOf = (value: JsonRecord | null | undefined) =>
  recordsOf(value?.imagePullSecrets).map(({ name }) => textOf(name))

function pullSecretsOf({ pod, namespace }: Workload, cluster: Cluster): string[] {
  const account = cluster
    .of('ServiceAccount')
    .find((value) => nameOf(value) === pod?.serviceAccountName && namespaceOf(value) === namespace)
  return [...namesOf(pod), ...namesOf(account)]
}

export const imageRules: readonly Rule[] = [
  forContainers(
    'image-computed',
    'An image of ours is the one whose digest was computed here.',
    ({ image }) => {
      const { name, digest } = imageParts(image)
      if (!name.startsWith(registry) || builtElsewhere.includes(name)) return null
      const known = images.find(({ reference }) => reference === name)
      if (!known) return `${name} is none of our images`
      return digest === known.digest ? null : `${image} was not computed`
    },
  ),
  forContainers(
    'image-exact',
    "Another's image has an exact version: no tag that moves, and none that is missing.",
    ({ image }) => {
      const { name, tag, digest } = imageParts(image)
      const isOurs = name.startsWith(registry) && !builtElsewhere.includes(name)
      return isOurs || isExact(tag) || (digest !== '' && tag === '') ? null : `${image} may move`
    },
  ),
  forContainers('image-named', 'No name is left that only our kustomizations know.', ({ image }) =>
    image.startsWith('plexus/') || image === '' ? `"${image}" is no image` : null,
  ),
  forContainers(
    'image-pull',
    'Who runs an image of ours may pull it: the registry is private.',
    ({ image }, workload, cluster) =>
      image.startsWith(registry) && !pullSecretsOf(workload, cluster).includes(pullSecret)
        ? `has no ${pullSecret}`
        : null,
  ),
]
