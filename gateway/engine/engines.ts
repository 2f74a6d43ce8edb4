import type { Log } from '#kit/log'
import type { Engine } from './engine.ts'
import type { StitchedDeps } from './stitched/index.ts'

export const engineNames = ['compiled', 'stitched'] as const
export type EngineName = (typeof engineNames)[number]

export type CreateEngine = (deps: StitchedDeps) => Engine

/** Each is loaded only where it answers. */
const loaders: Readonly<Record<EngineName, () => Promise<CreateEngine>>> = {
  compiled: async () => (await import('./compiled.ts')).createCompiledEngine,
  stitched: async () => (await import('./stitched/index.ts')).createStitchedEngine,
}

export type LoadedEngine = {
  readonly create: CreateEngine
  /** What /readyz asks: `degraded` while another engine answers than the one that was asked for. */
  readonly check: () => Promise<'degraded' | 'ok'>
}

type Options = {
  readonly log: Pick<Log, 'error'>
  /** How an engine is loaded; a test breaks it. */
  readonly load?: (name: EngineName) => Promise<CreateEngine>
}

/**
 * The engine asked for. Where the compiled one cannot be loaded, stitching answers instead: right,
 * and many times slower, so it is said loudly.
 */
export async function loadEngine(
  name: EngineName,
  { log, load = (one) => loaders[one]() }: Options,
): Promise<LoadedEngine> {
  try {
    return { create: await load(name), check: async () => 'ok' }
  } catch (error) {
    if (name === 'stitched') throw error
    log.error('The compiled engine cannot be loaded: stitching answers, many times slower', error)
    return { create: await load('stitched'), check: async () => 'degraded' }
  }
}
