import { join } from 'node:path'
import type { Built } from './build.ts'
import { repository } from './list.ts'
import { closure, type Lock, licenseOf, lockFrom, type Package, packagesOf } from './lockfile.ts'
import { type Blob, blobOf, mediaTypes } from './oci.ts'
import type { Machine } from './runtime.ts'
import { bomOf, type Component, type Part } from './sbom.ts'

/** What the runtime is made of, for the record and for those who look for flaws in it. */
export type Ingredients = {
  readonly bun: string
  readonly libc: string
  readonly certificates: string
  /** Only in images with an addon. */
  readonly libgcc: string
}

const debian = async (name: string): Promise<string> => {
  const text = await Bun.file('/var/lib/dpkg/status')
    .text()
    .catch(() => '')
  const [, version = 'unknown'] =
    new RegExp(`^Package: ${name}\\n(?:.+\\n)*?Version: (.+)$`, 'm').exec(text) ?? []
  return version
}

export const ingredientsHere = async (): Promise<Ingredients> => ({
  bun: Bun.version,
  libc: await debian('libc6'),
  certificates: await debian('ca-certificates'),
  libgcc: await debian('libgcc-s1'),
})

/** What an image has from elsewhere than npm. */
export const partsOf = (
  { bun, libc, certificates, libgcc }: Ingredients,
  { platform }: Machine,
  hasAddon: boolean,
): Part[] => [
  { name: 'bun', version: bun, purl: `pkg:github/oven-sh/bun@bun-v${bun}`, license: 'MIT' },
  {
    ...{ name: 'libc6', version: libc, license: 'LGPL-2.1-or-later' },
    purl: `pkg:deb/debian/libc6@${encodeURIComponent(libc)}?arch=${platform}`,
  },
  {
    ...{ name: 'ca-certificates', version: certificates, license: 'MPL-2.0' },
    purl: `pkg:deb/debian/ca-certificates@${encodeURIComponent(certificates)}?arch=all`,
  },
  ...(hasAddon
    ? [
        {
          ...{ name: 'libgcc-s1', version: libgcc, license: 'GPL-3.0-with-GCC-exception' },
          purl: `pkg:deb/debian/libgcc-s1@${encodeURIComponent(libgcc)}?arch=${platform}`,
        },
      ]
    : []),
]

const imported = /(?:from|import)\s*\(?\s*['"]((?:@[\w.-]+\/)?[\w][\w.-]*)/g

/** The packages that the client's sources name. */
async function webPackages(root: string, lock: Lock): Promise<Package[]> {
  const names = new Set<string>()
  for (const name of new Bun.Glob('**/*.{ts,tsx,css}').scanSync({ cwd: join(root, 'web') })) {
    if (/(^|\/)test\/|\.test\.|build/.test(name)) continue
    const text = await Bun.file(join(root, 'web', name)).text()
    for (const [, found = ''] of text.matchAll(imported)) names.add(found)
  }
  return closure(lock, [...names].sort())
}

type Kitchen = {
  readonly root: string
  readonly version: string
  readonly machine: Machine
  readonly ingredients: Ingredients
}

/** The bill of materials of one image. */
export async function sbomOf({ source, bundle }: Built, kitchen: Kitchen): Promise<Blob> {
  const { root, version, machine, ingredients } = kitchen
  const lock = lockFrom(await Bun.file(join(root, 'bun.lock')).text())
  const bundled = packagesOf(lock, bundle.inputs)
  const others = source.hasGateway ? await webPackages(root, lock) : []
  const rows = [
    ...bundled.map((one) => ({ package: one, isBundled: true })),
    ...others.map((one) => ({ package: one, isBundled: false })),
  ]
  const components: Component[] = await Promise.all(
    rows.map(async (row) => ({ ...row, license: await licenseOf(root, row.package) })),
  )
  const image = { name: `${repository}/${source.name}`, version }
  const parts = partsOf(ingredients, machine, bundle.addons.size > 0)
  const bom = bomOf({ image, parts, components })
  return blobOf(mediaTypes.sbom, `${JSON.stringify(bom, null, 1)}\n`)
}
