import { audit, auditedBy } from '#kit/audit'
import { requires } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import { emit } from '#kit/outbox'
import type { Transaction } from '#kit/postgres'
import { userError } from '#kit/user-error'
import { builder, NotFoundErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { endSignIns } from '../provider/sign-ins.ts'
import { ownSessionsOf } from './policy.ts'
import { type EndedSession, liveSignIns, revokeSessions, type WhichSessions } from './queries.ts'

const SessionRevokedType = builder
  .objectRef<{ __typename: 'SessionRevoked'; id: string }>('SessionRevoked')
  .implement({ fields: (t) => ({ id: t.exposeID('id') }) })

const RevokeSessionResultType = builder.unionType('RevokeSessionResult', {
  types: [SessionRevokedType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

export const SessionsRevokedType = builder
  .objectRef<{ __typename: 'SessionsRevoked'; count: number }>('SessionsRevoked')
  .implement({
    fields: (t) => ({
      count: t.exposeInt('count', { description: 'How many sessions this ended.' }),
    }),
  })

const sessionsRevoked = (count: number) => ({ __typename: 'SessionsRevoked' as const, count })

type End = { readonly personId: string; readonly which: WhichSessions; readonly at: Date }

/** The sign-ins behind the sessions end too: with one a browser would be let in again unasked. */
async function endBehind(sql: Transaction, { personId, which, at }: End, ended: EndedSession[]) {
  const sids = ended.map(({ providerSid }) => providerSid).filter((sid) => sid !== null)
  const keep = await liveSignIns(sql, { personId, at })
  await endSignIns(sql, { accountId: personId, sids: 'only' in which ? sids : null, keep })
}

/** Ends a person's sessions and says how many; each gateway hears of it when the transaction commits. */
const end = (personId: string, which: WhichSessions, { viewer, db, now, requestId }: Context) =>
  db.write(async (sql) => {
    const asked = { personId, which, at: now() }
    const ended = await revokeSessions(sql, asked)
    for (const { id: sessionId } of ended) {
      const payload = { sessionId, personId }
      await emit(sql, { topic: 'auth.session-revoked', entityId: sessionId, payload })
    }
    await endBehind(sql, asked, ended)
    if (viewer && ended.length > 0) {
      await audit(sql, {
        ...{ action: 'auth.sessions-revoked', ...auditedBy(viewer), requestId },
        ...{ entity: 'User', entityId: personId, detail: { count: ended.length } },
      })
    }
    return ended.length
  })

/** Whose sessions end. Throws FORBIDDEN for whoever acts for another person. */
function ownerFrom({ viewer }: Context): string {
  const personId = ownSessionsOf(viewer)
  if (personId) return personId
  throw new AppError('FORBIDDEN', "You may not end another person's sessions.")
}

builder.mutationFields((t) => ({
  revokeSession: t.field({
    ...requires(['self']),
    type: RevokeSessionResultType,
    description: "Ends one of the caller's own sessions.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id }, context) => {
      const sessionId = fromGlobalId('Session', id)
      const personId = ownSessionsOf(context.viewer)
      const count = sessionId && personId ? await end(personId, { only: sessionId }, context) : 0
      return count > 0
        ? { __typename: 'SessionRevoked' as const, id }
        : userError('NotFoundError', 'You have no such session.', ['id'])
    },
  }),
  revokeOtherSessions: t.field({
    ...requires(['self']),
    type: SessionsRevokedType,
    description: "Ends the caller's other sessions; the one that asks goes on.",
    resolve: async (_, __, context) => {
      const own = context.viewer?.sessionId ?? null
      return sessionsRevoked(await end(ownerFrom(context), { allBut: own }, context))
    },
  }),
  revokeAllSessions: t.field({
    ...requires(['self']),
    type: SessionsRevokedType,
    description: 'Signs the caller out everywhere: ends every session, the one that asks too.',
    resolve: async (_, __, context) =>
      sessionsRevoked(await end(ownerFrom(context), { allBut: null }, context)),
  }),
}))
