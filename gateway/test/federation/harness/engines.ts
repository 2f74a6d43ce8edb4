import type { Engine } from '../../../engine/engine.ts'
import { createStitchedEngine, type StitchedDeps } from '../../../engine/stitched/index.ts'

export type EngineName = 'stitched' | 'compiled'

export type NamedEngine = {
  readonly name: EngineName
  readonly create: (deps: StitchedDeps) => Engine
}

/** Everything that keeps the engine's interface: each hazard is run by all of them. */
export const engines: readonly NamedEngine[] = [{ name: 'stitched', create: createStitchedEngine }]
