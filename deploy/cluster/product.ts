import { existsSync } from 'node:fs'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { program } from '../../stack/program.ts'
import { textOf, at as valueAt } from '../render/json.ts'
import { renderOverlay } from '../render/overlay.ts'
import type { Manifest } from '../render/resource.ts'
import { secretManifests } from '../secrets/manifests.ts'
import { type Material, materialFrom, newMaterial } from '../secrets/material.ts'
import { ensureCatalogue } from '../tools/catalogue.ts'
import { authorityUrl, pointHostsAt } from './authority.ts'
import { folderIn } from './enclosure.ts'
import { importLayout, importStandIn } from './images.ts'
import { apply, get, kubectl } from './kubectl.ts'
import { nameHosts } from './node/network.ts'
import { at, nodeName, type Place, trustFile } from './place.ts'
import { eventually } from './poll.ts'
import { traefik } from './stand-ins/go.ts'
import { keycloak } from './stand-ins/keycloak.ts'
import { postgres } from './stand-ins/postgres.ts'

const root = join(import.meta.dir, '../..')
const built = join(root, 'dist/images/oci')

export const domain = 'plexus.test'
export const origin = `https://${domain}`
export const hosts = ['', 'www.', 'api.', 'login.', 'status.'].map((name) => `${name}${domain}`)

/** The manifests of the small profile, with stand-ins for what a registry or the world would give. */
const rendered = (): Manifest[] =>
  renderOverlay(join(import.meta.dir, 'overlay'), {
    settings: { DOMAIN: domain, ACME_EMAIL: `operations@${domain}`, ACME_SERVER: authorityUrl },
  })

const Index = z.object({
  manifests: z.array(z.object({ annotations: z.record(z.string(), z.string()).default({}) })),
})

/** Images of ours that a manifest names and that are not in the layout. */
async function notBuilt(all: readonly Manifest[], layout: string): Promise<string[]> {
  const file = join(layout, 'index.json')
  const index = existsSync(file) ? Index.parse(JSON.parse(await readFile(file, 'utf8'))) : null
  const built = index?.manifests.map(({ annotations }) => annotations['io.containerd.image.name'])
  const named = JSON.stringify(all).match(/ghcr\.io\/plexus-platform\/[^"]+/g) ?? []
  return [...new Set(named)].filter((name) => !built?.includes(name))
}

/** Throws when a manifest names an image of ours that `bun run images` has not built. */
export async function checkImages(): Promise<void> {
  const missing = await notBuilt(rendered(), built)
  if (missing.length > 0) throw new Error(`Not built: ${missing.join(', ')}. Run: bun run images`)
}

const manifestsFile = (place: Place) => at(place, 'manifests.json')
const Manifests = z.array(z.custom<Manifest>((value) => typeof value === 'object'))

/** What this cluster was made for, whatever has been changed since. */
export const manifests = async (place: Place): Promise<Manifest[]> =>
  Manifests.parse(JSON.parse(await readFile(manifestsFile(place), 'utf8')))

/** Manifests and the images that they name, of one moment. */
async function takeProduct(place: Place): Promise<string> {
  const layout = at(place, 'images')
  return eventually(
    async () => {
      const all = rendered()
      await rm(layout, { recursive: true, force: true })
      await program(['cp', '--recursive', built, layout])
      if ((await notBuilt(all, layout)).length > 0) return null
      await writeFile(manifestsFile(place), JSON.stringify(all))
      return layout
    },
    { withinMs: 30_000, everyMs: 2_000, what: 'Images for the manifests (bun run images)' },
  )
}

/** Our images as they were built, and stand-ins for the others. */
export async function importImages(place: Place): Promise<void> {
  await importLayout(place, await takeProduct(place))
  for (const standIn of [traefik, postgres, await keycloak()]) await importStandIn(place, standIn)
}

const materialFile = (place: Place) => at(place, 'material.json')

/** What all secrets of this cluster are made from. */
export async function materialOf(place: Place): Promise<Material> {
  const file = materialFile(place)
  const now = new Date()
  if (existsSync(file)) return materialFrom(JSON.parse(await readFile(file, 'utf8')), now, {})
  const material = await newMaterial(now, {})
  await writeFile(file, JSON.stringify(material), { mode: 0o600 })
  return material
}

const configMap = (namespace: string, name: string, data: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
})

/** Whom pods trust beside the world: the authority of this test. */
async function trustMaps(place: Place) {
  const pem = await readFile(trustFile(place), 'utf8')
  const path = '/etc/authority/trust.pem'
  const settings = { NODE_EXTRA_CA_CERTS: path, KC_TRUSTSTORE_PATHS: path }
  return ['edge', 'auth', 'app'].flatMap((namespace) => [
    configMap(namespace, 'authority', { 'trust.pem': pem }),
    configMap(namespace, 'authority-settings', settings),
  ])
}

type Claim = { readonly namespace: string; readonly name: string }

const Templates = z.object({
  spec: z.object({
    volumeClaimTemplates: z
      .array(z.object({ metadata: z.object({ name: z.string() }) }))
      .default([]),
  }),
})

const claimsIn = (all: readonly Manifest[]): Claim[] =>
  all.flatMap((manifest) => {
    const namespace = textOf(valueAt(manifest, 'metadata.namespace'))
    const name = textOf(valueAt(manifest, 'metadata.name'))
    if (manifest.kind === 'PersistentVolumeClaim') return [{ namespace, name }]
    if (manifest.kind !== 'StatefulSet') return []
    const { volumeClaimTemplates } = Templates.parse(manifest).spec
    return volumeClaimTemplates.map((claim) => ({
      namespace,
      name: `${claim.metadata.name}-${name}-0`,
    }))
  })

/** What k3s makes by its local-path provisioner: a folder for each claim. */
async function volumesFor(place: Place, all: readonly Manifest[]) {
  return Promise.all(
    claimsIn(all).map(async ({ namespace, name }) => {
      const path = await folderIn(place.folder, 'volumes', `${namespace}-${name}`)
      await chmod(path, 0o777)
      return {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `${namespace}-${name}` },
        spec: {
          capacity: { storage: '100Gi' },
          accessModes: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany'],
          persistentVolumeReclaimPolicy: 'Retain',
          claimRef: { namespace, name },
          local: { path },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] },
                  ],
                },
              ],
            },
          },
        },
      }
    }),
  )
}

/** What an installation has before Flux applies the product: definitions, namespaces, secrets, volumes. */
export async function prepareProduct(place: Place): Promise<void> {
  const all = await manifests(place)
  const crds = (await (await ensureCatalogue()).crds()).filter(
    ({ spec }) => spec.group === 'traefik.io',
  )
  await apply(place, crds)
  await kubectl(
    place,
    ...['wait', '--for=condition=Established', '--timeout=60s', 'crd'],
    ...crds.map(({ metadata }) => metadata.name),
  )
  const namespaces = all.filter(({ kind }) => kind === 'Namespace')
  await apply(place, namespaces)
  const known = namespaces.map((namespace) => textOf(valueAt(namespace, 'metadata.name')))
  const secrets = secretManifests(await materialOf(place))
  await apply(place, [
    ...secrets.filter(({ metadata }) => known.includes(metadata.namespace)),
    ...(await trustMaps(place)),
    ...(await volumesFor(place, all)),
  ])
}

const Service = z.object({ spec: z.object({ clusterIP: z.string() }) })

/** The address of a Service. */
export const addressOf = async (place: Place, namespace: string, name: string): Promise<string> =>
  (await get(place, Service, 'service', name, '-n', namespace)).spec.clusterIP

/** One apply of everything. Afterwards hosts are found, from here and by the authority. */
export async function applyProduct(place: Place): Promise<void> {
  await apply(place, await manifests(place))
  const address = await addressOf(place, 'edge', 'traefik')
  await pointHostsAt(address)
  await nameHosts(place, [[address, hosts]])
}

const Workloads = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({ name: z.string(), namespace: z.string() }),
      spec: z.object({ replicas: z.number().optional() }),
      status: z.object({ readyReplicas: z.number().default(0), succeeded: z.number().default(0) }),
    }),
  ),
})

/** What is not yet as it was asked for. */
export async function waitingFor(place: Place): Promise<string[]> {
  const { items } = await get(place, Workloads, 'deployments,statefulsets,jobs', '--all-namespaces')
  return items
    .filter(({ kind, spec, status }) =>
      kind === 'Job' ? status.succeeded < 1 : status.readyReplicas < (spec.replicas ?? 1),
    )
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
}

/** Resolves when every workload is ready and every Job has ended well. */
export async function untilReady(place: Place, withinMs: number): Promise<void> {
  let waiting: string[] = []
  await eventually(
    async () => {
      waiting = await waitingFor(place)
      return waiting.length === 0
    },
    { withinMs, everyMs: 500, what: 'Ready workloads' },
  ).catch((error: unknown) => {
    throw new Error(`${waiting.join(', ')} did not become ready`, { cause: error })
  })
}
