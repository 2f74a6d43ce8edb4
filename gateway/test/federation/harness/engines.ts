import { type CompiledDeps, createCompiledEngine } from '../../../engine/compiled.ts'
import type { Engine } from '../../../engine/engine.ts'
import { createStitchedEngine } from '../../../engine/stitched/index.ts'

export type EngineName = 'stitched' | 'compiled'

export type NamedEngine = {
  readonly name: EngineName
  readonly create: (deps: CompiledDeps) => Engine
}

/** Everything that keeps the engine's interface: each hazard is run by all of them. */
export const engines: readonly NamedEngine[] = [
  { name: 'stitched', create: createStitchedEngine },
  { name: 'compiled', create: createCompiledEngine },
]
