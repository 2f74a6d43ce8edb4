import { expect, test } from 'bun:test'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { build } from '../render/accumulate.ts'
import { isKustomized, readKustomization } from '../render/kustomization.ts'
import { k3sFolder, overlays, presetSettings, renderOverlay } from '../render/overlay.ts'
import { nameOf, titleOf } from '../render/resource.ts'
import { substituted } from '../render/substitute.ts'

/** Builds files as kustomize would; `kustomization.yaml` stands in the first folder that is named. */
async function built(files: Readonly<Record<string, string>>, folder = '.') {
  const root = await mkdtemp(join(tmpdir(), 'plexus-render-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), text)
    }
    return build(join(root, folder))
  } finally {
    await rm(root, { recursive: true })
  }
}

const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'
const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n'
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      containers:
        - { name: web, image: "plexus/web", envFrom: [{ configMapRef: { name: env } }] }
        - { name: side, image: "docker.io/side:1@sha256:abc" }
`
const config = 'configMapGenerator:\n  - { name: env, literals: [A=1] }\n'

const elsewhere = Object.fromEntries(
  Object.entries(presetSettings()).map(([name, value]) => [
    name,
    value.replaceAll('plexus.example', 'elsewhere.test'),
  ]),
)

test.each(overlays)(
  '%s renders for another domain, and nothing of the preset one is left',
  (overlay) => {
    const text = JSON.stringify(renderOverlay(overlay, { settings: elsewhere }))
    expect(text.includes('https://elsewhere.test')).toBe(true)
    expect(/.{40}plexus\.example/.exec(text)?.[0]).toBeUndefined()
  },
)

test('a setting that no manifest knows is refused', () => {
  expect(() => renderOverlay('single-4g', { settings: { DOMIAN: 'x' } })).toThrow(
    'deploy/k3s/settings.yaml: DOMIAN is no setting',
  )
})

const components = (await readdir(join(k3sFolder, 'components'))).filter((name) =>
  isKustomized(join(k3sFolder, 'components', name)),
)

test.each(['single-4g', 'full-8g'])('every component is of a kind that %s can take', (profile) => {
  const kinds = components.map(
    (name) => readKustomization(join(k3sFolder, 'components', name)).kind,
  )
  expect(new Set(kinds)).toEqual(new Set(['Component']))
  expect(renderOverlay(profile).length).toBeGreaterThan(50)
})

test('a field that is not known is refused by its file and its name', async () => {
  const unknown = `${head}resources: []\nhelmCharts: []\n`
  expect(built({ 'kustomization.yaml': unknown })).rejects.toThrow(
    /kustomization\.yaml: helmCharts: this field is not of the part of kustomize/,
  )
  const inner = `${head}labels: [{ pairs: { a: b }, includeSelectors: true }]\n`
  expect(built({ 'kustomization.yaml': inner })).rejects.toThrow(
    'labels.0.includeSelectors: this field',
  )
})

test('a generated name ends with the hash that kustomize gives, and who reads it follows', async () => {
  const files = {
    'kustomization.yaml': `${head}resources: [web.yaml]\n${config}`,
    'web.yaml': deployment,
  }
  const [web, map] = await built(files)
  // kustomize 5.8.2 printed this name.
  expect(map && titleOf(map)).toBe('ConfigMap env-89g4tffbfk')
  expect(JSON.stringify(web)).toContain('{"configMapRef":{"name":"env-89g4tffbfk"}}')
})

test('a change in a generated ConfigMap changes its name', async () => {
  const names = await Promise.all(
    ['A=1', 'A=2', 'B=1'].map(async (pair) => {
      const [map] = await built({ 'kustomization.yaml': head + config.replace('A=1', pair) })
      return map && nameOf(map)
    }),
  )
  expect(new Set(names).size).toBe(3)
})

const images = `images:
  - { name: plexus/web, newName: ghcr.io/p/web, digest: "sha256:12" }
  - { name: docker.io/side, newTag: "2" }
`

test('an image gets its name, its tag or its digest from the kustomization', async () => {
  const [web] = await built({
    'kustomization.yaml': `${head}resources: [web.yaml]\n${images}`,
    'web.yaml': deployment,
  })
  const text = JSON.stringify(web)
  expect(text).toContain('"image":"ghcr.io/p/web@sha256:12"')
  expect(text).toContain('"image":"docker.io/side:2"')
})

async function patchedWith(patch: string) {
  const [web] = await built({
    'kustomization.yaml': `${head}resources: [web.yaml]\npatches:\n${patch}`,
    'web.yaml': deployment,
  })
  return JSON.stringify(web)
}
const strategic = (spec: string) => `  - target: { kind: Deployment }
    patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: any }
      spec: { template: { spec: ${spec} } }
`

test('a strategic merge joins containers by their names and never renames', async () => {
  const text = await patchedWith(strategic('{ containers: [{ name: web, tty: true }] }'))
  expect(text).toContain('"name":"web","image":"plexus/web"')
  expect(text).toContain('"tty":true')
  expect(text).toContain('"name":"side"')
  expect(text).not.toContain('"any"')
})

test('a strategic merge takes away with null and with $patch', async () => {
  const text = await patchedWith(
    strategic('{ containers: [{ name: web, envFrom: null }, { name: side, $patch: delete }] }'),
  )
  expect(text).not.toContain('envFrom')
  expect(text).not.toContain('side')
})

test('a JSON patch that finds nothing at its place is refused', async () => {
  const add =
    '  - target: { kind: Deployment }\n    patch: |\n      - { op: OP, path: /spec/PLACE }\n'
  const remove = add.replace('OP', 'remove')
  expect(await patchedWith(remove.replace('PLACE', 'template'))).not.toContain('template')
  expect(patchedWith(remove.replace('PLACE', 'nothing'))).rejects.toThrow(
    'Deployment web: nothing stands at /spec/nothing',
  )
})

test('a patch that names nothing is refused', () => {
  const patch =
    '  - patch: "{ apiVersion: apps/v1, kind: Deployment, metadata: { name: other } }"\n'
  expect(patchedWith(patch)).rejects.toThrow('a patch names Deployment other, of which there are 0')
})

test.each([
  [
    'a file outside of the folder',
    { 'a/kustomization.yaml': `${head}resources: [../x.yaml]\n`, 'x.yaml': deployment },
    'is outside of the folder',
  ],
  [
    'a folder that leads back',
    { 'a/kustomization.yaml': `${head}resources: [..]\n`, 'kustomization.yaml': head },
    'leads back to where it began',
  ],
  [
    'a file that is not there',
    { 'a/kustomization.yaml': `${head}resources: [x.yaml]\n` },
    'there is no file x.yaml',
  ],
  [
    'a component as a resource',
    { 'a/kustomization.yaml': `${head}resources: [../b]\n`, 'b/kustomization.yaml': component },
    'is a Component where a Kustomization stands',
  ],
  [
    'an object twice',
    {
      'a/kustomization.yaml': `${head}resources: [x.yaml, y.yaml]\n`,
      'a/x.yaml': deployment,
      'a/y.yaml': deployment,
    },
    'Deployment web is in',
  ],
  [
    'a word that YAML may read as true',
    {
      'a/kustomization.yaml': `${head}resources: [x.yaml]\n`,
      'a/x.yaml': deployment.replace('name: web', 'name: on'),
    },
    '"on" is true, false or a word',
  ],
])('%s is refused', async (_, files, why) => {
  expect(built(files, 'a')).rejects.toThrow(why)
})

const mapWith = (data: string, annotation = '') =>
  parse(
    `{ apiVersion: v1, kind: ConfigMap, metadata: { name: m${annotation} }, data: { a: ${data} } }`,
  )

/** A reference of Flux' to a setting. */
const use = (name: string) => `$\{${name}}`

test('a variable is filled in, may have a preset, and is refused when it is none', () => {
  const fill = (text: string) => substituted(mapWith(text), { DOMAIN: 'a.test', COUNT: '3' }).data
  expect(fill(`"https://x.${use('DOMAIN')}/"`)).toEqual({ a: 'https://x.a.test/' })
  expect(fill(`"${use('ZONE:-here')}"`)).toEqual({ a: 'here' })
  expect(() => fill(`"${use('DOMIAN')}"`)).toThrow(`ConfigMap m: ${use('DOMIAN')} is no setting`)
  expect(() => fill(`"${use('COUNT')}"`)).toThrow('which YAML does not read as a text')
})

test("another program's variables stay where an object says so", () => {
  const annotation = ', annotations: { kustomize.toolkit.fluxcd.io/substitute: disabled }'
  expect(substituted(mapWith(`"${use('job')}"`, annotation), {}).data).toEqual({ a: use('job') })
})
