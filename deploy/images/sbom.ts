import type { Package } from './lockfile.ts'

export type Component = {
  readonly package: Package
  readonly license: string | null
  /** False for what was only allowed to get in: the client's bundler drops most of it again. */
  readonly isBundled: boolean
}

/** What comes from elsewhere than npm. */
export type Part = {
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly license: string
}

const hexOf = (base64: string) => Buffer.from(base64, 'base64').toString('hex')

const hashesOf = ({ integrity }: Package) => {
  const [algorithm = '', value = ''] = integrity.split('-')
  return algorithm === 'sha512' ? [{ alg: 'SHA-512', content: hexOf(value) }] : []
}

const purlOf = ({ name, version }: Package) =>
  `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`

function componentOf({ package: one, license, isBundled }: Component) {
  const purl = purlOf(one)
  return {
    type: 'library',
    'bom-ref': purl,
    name: one.name,
    version: one.version,
    scope: isBundled ? 'required' : 'optional',
    hashes: hashesOf(one),
    ...(license && { licenses: [{ expression: license }] }),
    purl,
    ...(one.isPatched && { pedigree: { notes: 'Patched here; see patches/ in the sources.' } }),
  }
}

const partOf = ({ name, version, purl, license }: Part) => ({
  type: 'application',
  'bom-ref': purl,
  name,
  version,
  licenses: [{ expression: license }],
  purl,
})

type Bom = {
  readonly image: { readonly name: string; readonly version: string }
  readonly parts: readonly Part[]
  readonly components: readonly Component[]
}

type Named = { readonly 'bom-ref': string }

const byReference = (one: Named, other: Named) => (one['bom-ref'] < other['bom-ref'] ? -1 : 1)

/** One row a package and version; in two places it is still one. */
function distinct(components: readonly Component[]) {
  const rows = new Map<string, Component>()
  for (const one of components) {
    const reference = purlOf(one.package)
    const known = rows.get(reference)
    rows.set(reference, known?.isBundled ? known : one)
  }
  return [...rows.values()]
}

/** What is in an image, in CycloneDX; nothing in it depends on when or where it was written. */
export const bomOf = ({ image, parts, components }: Bom) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: {
      type: 'container',
      'bom-ref': `${image.name}@${image.version}`,
      name: image.name,
      version: image.version,
    },
  },
  components: [...parts.map(partOf), ...distinct(components).map(componentOf)].sort(byReference),
})
