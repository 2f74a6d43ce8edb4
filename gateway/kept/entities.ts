import { z } from 'zod'
import type { EntityAsk, EntityMemory } from '../entities.ts'
import type { KeptObserver } from './observed.ts'
import type { MemoryStore } from './store.memory.ts'
import { freshnessOf } from './store.ts'
import { tagOfEntity, tagOfField, tagOfPerson } from './tags.ts'

type EntitiesDeps = {
  readonly memory: MemoryStore
  readonly observer: KeptObserver
  readonly followed: ReadonlySet<string>
  readonly isDeaf: () => boolean
  readonly nowMs: () => number
}

/** Who asks, as answers are kept for them. */
type For = { readonly key: string; readonly personId: string | null }

const Named = z.object({ id: z.string() })

/**
 * What subgraphs said of entities, for one caller at a time: by subgraph, by what was asked and by
 * everything about who asks. One without an id of its own is not kept: nothing could end it.
 */
export function createEntities(deps: EntitiesDeps): (caller: For) => EntityMemory {
  const { memory, observer, followed, isDeaf, nowMs } = deps
  const keyOf = ({ subgraph, question }: EntityAsk, { key }: For, representation: string) =>
    `${subgraph}\n${key}\n${representation}\n${question}`
  return (caller) => ({
    find: (ask, representations) => {
      const mark = `${nowMs()} ${memory.now.find('').mark}`
      const texts = representations.map((one) => {
        if (isDeaf()) return null
        const { entry } = memory.now.find(keyOf(ask, caller, one))
        return entry && freshnessOf(entry, nowMs()) === 'fresh' ? entry.text : null
      })
      const hits = texts.filter((text) => text !== null).length
      if (hits > 0) observer.looked('entity', 'hit', hits)
      if (hits < texts.length) observer.looked('entity', 'miss', texts.length - hits)
      return { texts, mark }
    },
    put: (ask, told, mark) => {
      if (isDeaf()) return
      const [askedAt = '', since = ''] = mark.split(' ')
      const fields = ask.fields.filter((field) => followed.has(field)).map(tagOfField)
      const person = caller.personId === null ? [] : [tagOfPerson(caller.personId)]
      for (const { representation, entity } of told) {
        const id = Named.safeParse(JSON.parse(representation)).data?.id
        if (id === undefined) continue
        const entry = {
          text: JSON.stringify(entity),
          tags: [tagOfEntity(id), ...fields, ...person],
          ...{ madeAt: Number(askedAt), maxAge: ask.maxAge, stale: 0 },
        }
        memory.now.put(keyOf(ask, caller, representation), entry, since)
      }
    },
  })
}
