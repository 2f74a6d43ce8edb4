import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { k3sFolder, overlays, type profiles } from '../../render/overlay.ts'

const components = join(k3sFolder, 'components')

/** What is part of every profile or stage already. */
const included = ['images', 'third-party', 'service', 'staging', 'production']

/** Components that an installation may take, by name. */
export async function optionalComponents(): Promise<string[]> {
  const found = await readdir(components, { withFileTypes: true })
  return found
    .filter((entry) => entry.isDirectory() && !included.includes(entry.name))
    .map(({ name }) => name)
    .sort()
}

export const overlayFolders: readonly string[] = overlays.map((name) =>
  join(k3sFolder, 'overlays', name),
)

/** A profile with one component, as an installation's own kustomization would take it. */
export async function withCombination<T>(
  profile: (typeof profiles)[number],
  component: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const scratch = join(k3sFolder, '../../.plexus/test/combinations')
  await mkdir(scratch, { recursive: true })
  const folder = await mkdtemp(join(scratch, 'one-'))
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [relative(folder, join(k3sFolder, 'overlays', profile))],
    components: [relative(folder, join(components, component))],
  }
  try {
    await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization))
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
