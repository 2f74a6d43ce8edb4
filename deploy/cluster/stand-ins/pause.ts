import { join } from 'node:path'
import { program } from '../../../stack/program.ts'
import { at, type Place } from '../place.ts'
import type { StandIn } from './image.ts'
import { nodeOf } from './tree.ts'

export const pauseImage = 'localhost/stand-in/pause:1'

/** What every pod starts with, as one static program. */
export const pause = (place: Place): StandIn => ({
  name: pauseImage,
  run: { Entrypoint: ['/pause'], User: '65535:65535' },
  tree: async () => {
    const built = at(place, 'pause')
    await program(['gcc', '-static', '-Os', '-s', '-o', built, join(import.meta.dir, 'pause.c')])
    return new Map([['pause', await nodeOf(built)]])
  },
})
