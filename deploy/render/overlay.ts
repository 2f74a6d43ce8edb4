import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from './accumulate.ts'
import { objectsIn, readText } from './documents.ts'
import { RenderFault } from './fault.ts'
import { textsOf } from './json.ts'
import type { Manifest } from './resource.ts'
import { type Settings, substituted } from './substitute.ts'

export const k3sFolder = join(import.meta.dirname, '../k3s')
const overlaysFolder = join(k3sFolder, 'overlays')
const settingsFile = join(k3sFolder, 'settings.yaml')

export const profiles = ['single-4g', 'full-8g'] as const
export type Profile = (typeof profiles)[number]
export const stages = ['staging', 'production'] as const

/** Every overlay that an installation can be: a profile, alone or with a stage. */
export const overlays: readonly string[] = profiles.flatMap((profile) => [
  profile,
  ...stages.map((stage) => `${profile}/${stage}`),
])

/** What `k3s/settings.yaml` says; an installation says otherwise. */
export function presetSettings(): Settings {
  const [settings] = objectsIn(readText(settingsFile, settingsFile), settingsFile)
  return textsOf(settings?.data)
}

type Options = {
  /** In place of what `k3s/settings.yaml` says. */
  readonly settings?: Settings
}

/** Throws for a setting that manifests do not know. */
function settingsWith(own: Settings): Settings {
  const preset = presetSettings()
  const unknown = Object.keys(own).find((name) => !(name in preset))
  if (unknown) throw new RenderFault(settingsFile, `${unknown} is no setting`)
  return { ...preset, ...own }
}

/**
 * What kustomize and Flux make of an overlay (`single-4g/production`) or of any other folder. Throws a
 * RenderFault that names the file and what is wrong in it.
 */
export function renderOverlay(folder: string, { settings = {} }: Options = {}): Manifest[] {
  const named = join(overlaysFolder, folder)
  const all = settingsWith(settings)
  return build(existsSync(named) ? named : resolve(folder)).map((value) => substituted(value, all))
}
