import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { k3sFolder, overlays } from '../../render/overlay.ts'
import type { combinations } from '../choices.ts'

const components = join(k3sFolder, 'components')

export const overlayFolders: readonly string[] = overlays.map((name) =>
  join(k3sFolder, 'overlays', name),
)

/** A profile with components, as an installation's own kustomization would take it. */
export async function withCombination<T>(
  [profile, names]: (typeof combinations)[number],
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const scratch = join(k3sFolder, '../../.plexus/test/combinations')
  await mkdir(scratch, { recursive: true })
  const folder = await mkdtemp(join(scratch, 'of-'))
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [relative(folder, join(k3sFolder, 'overlays', profile))],
    components: names.map((name) => relative(folder, join(components, name))),
  }
  try {
    await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization))
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
