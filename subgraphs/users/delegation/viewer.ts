import { requires } from '#kit/builder'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { peopleByIds } from '../person/queries.ts'
import { UserType } from '../person/type.ts'
import { ViewerType } from '../viewer/type.ts'
import { ownDelegationsOf } from './policy.ts'
import { type DelegationRow, liveDelegations } from './queries.ts'
import { DelegationType } from './type.ts'

const own = requires(['self'])

async function delegationsOn(side: 'given' | 'received', { viewer, db, now }: Context) {
  const personId = ownDelegationsOf(viewer)
  return personId ? db.read((sql) => liveDelegations(sql, { side, personId, at: now() })) : []
}

/** By which delegation the caller may be acting: one to them of the person they act for. */
async function actingBy({ viewer, db, now }: Context): Promise<DelegationRow | null> {
  const { id: personId, actor } = viewer ?? { id: '', actor: null }
  if (!actor || viewer?.scopes.has('self')) return null
  const given = await db.read((sql) => liveDelegations(sql, { side: 'given', personId, at: now() }))
  return given.find(({ toId }) => toId === actor) ?? null
}

/** Who stands behind an impersonation; the person acted for could not see them. */
async function impersonatorOf({ viewer, system }: Context) {
  const { actor, scopes } = viewer ?? { actor: null, scopes: new Set() }
  if (!actor || !scopes.has('self')) return null
  const [person] = await system.read((sql) => peopleByIds(sql, [actor]))
  return person ?? null
}

builder.objectFields(ViewerType, (t) => ({
  delegationsGiven: t.field({
    ...own,
    type: [DelegationType],
    description: 'Who may act for the caller, newest first.',
    resolve: (_, __, context) => delegationsOn('given', context),
  }),
  delegationsReceived: t.field({
    ...own,
    type: [DelegationType],
    description: 'For whom the caller may act, newest first.',
    resolve: (_, __, context) => delegationsOn('received', context),
  }),
  actingAs: t.field({
    type: DelegationType,
    nullable: true,
    description: 'The delegation by which somebody acts as this viewer; null for themselves.',
    resolve: (_, __, context) => actingBy(context),
  }),
  impersonator: t.field({
    type: UserType,
    nullable: true,
    description: 'Who of the staff acts as this viewer; null for themselves.',
    resolve: (_, __, context) => impersonatorOf(context),
  }),
}))
