import { unguarded } from '#kit/builder'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { finish } from './act.ts'
import { openActIn } from './queries.ts'

const ActingEndedType = builder.objectRef<{ ended: boolean }>('ActingEnded').implement({
  fields: (t) => ({
    ended: t.exposeBoolean('ended', { description: 'False when the session acted for nobody.' }),
  }),
})

async function end({ viewer, accounts, now, requestId }: Context) {
  if (!viewer?.actor || !viewer.sessionId) return { ended: false }
  const where = { sessionId: viewer.sessionId, actorId: viewer.actor }
  return accounts.db.write(async (sql) => {
    const act = await openActIn(sql, where)
    if (act) await finish(sql, act, { why: 'asked', at: now(), requestId })
    return { ended: act !== null }
  })
}

builder.mutationFields((t) => ({
  endImpersonation: t.field({
    ...unguarded,
    type: ActingEndedType,
    description: 'The session is its own person again.',
    resolve: (_, __, context) => end(context),
  }),
  endActing: t.field({
    ...unguarded,
    type: ActingEndedType,
    description: 'The same, for a delegate.',
    resolve: (_, __, context) => end(context),
  }),
}))
