import { pageArguments, paged, requires, seenBy } from '#kit/builder'
import { connectionOf, pageFrom } from '#kit/connection'
import { AppError } from '#kit/errors'
import { isUuid, parseGlobalId, toGlobalId } from '#kit/id'
import { builder } from '../builder.ts'
import { UserType } from '../person/type.ts'
import { type AuditRow, entriesPage, type Sought } from './queries.ts'

const read = requires(['audit:read'])

const AuditEventType = builder.objectRef<AuditRow>('AuditEvent').implement({
  ...seenBy.staff,
  description:
    'What somebody did. Nothing of it changes or goes: each has the hash of the one before.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('AuditEvent', id) }),
    seq: t.string({
      description: 'Its place in the chain; there are no gaps.',
      resolve: ({ seq }) => String(seq),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was done.' }),
    recordedAt: t.expose('recordedAt', {
      type: 'DateTime',
      description: 'When it became part of the chain.',
    }),
    source: t.exposeString('source', { description: 'The room that told of it.' }),
    actorId: t.id({
      nullable: true,
      description: 'Who did it. Null for nobody who is known, and for the system itself.',
      resolve: ({ actorId }) => actorId && toGlobalId('User', actorId),
    }),
    actor: t.field({ type: UserType, nullable: true, resolve: ({ actorId }) => actorId }),
    onBehalfOf: t.field({
      type: UserType,
      nullable: true,
      description: 'In whose name, when that was somebody else.',
      resolve: ({ onBehalfOf }) => onBehalfOf,
    }),
    action: t.exposeString('action'),
    entity: t.exposeString('entity'),
    entityId: t.exposeString('entityId'),
    requestId: t.exposeString('requestId', { nullable: true }),
    ip: t.exposeString('ip', { nullable: true }),
    detail: t.exposeString('detail', { description: 'JSON.' }),
    previousHash: t.exposeString('previousHash', {
      description: 'SHA-256 of the one before, in hex.',
    }),
    hash: t.exposeString('hash'),
  }),
})

const AuditEventConnectionType = builder.connectionObject(
  { type: AuditEventType, name: 'AuditEventConnection' },
  { name: 'AuditEventEdge' },
)

const AuditFilterType = builder.inputType('AuditFilter', {
  fields: (t) => ({
    actorId: t.id({ description: 'Who did it, or in whose name it was done.' }),
    entity: t.string(),
    entityId: t.id({ description: 'A global id, or the bare one.' }),
    action: t.string({ description: 'Whole, or a room: `auth` finds `auth.signed-in`.' }),
    from: t.field({ type: 'DateTime' }),
    to: t.field({ type: 'DateTime', description: 'Before this instant.' }),
  }),
})

type Filter = typeof AuditFilterType.$inferInput

/** Throws BAD_USER_INPUT for what is no id. */
function uuidFrom(id: string | null | undefined, name: string): string | null {
  if (!id) return null
  const uuid = isUuid(id) ? id : parseGlobalId(id)?.id
  if (uuid) return uuid
  throw new AppError('BAD_USER_INPUT', `\`${name}\` is not an id.`)
}

const soughtFrom = (filter: Filter | null | undefined): Sought => ({
  actorId: uuidFrom(filter?.actorId, 'actorId'),
  entity: filter?.entity ?? null,
  entityId: uuidFrom(filter?.entityId, 'entityId'),
  action: filter?.action ?? null,
  from: filter?.from ?? null,
  to: filter?.to ?? null,
})

builder.queryField('auditEvents', (t) =>
  t.field({
    ...read,
    ...paged,
    type: AuditEventConnectionType,
    description: 'What was done, latest first.',
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
      filter: t.arg({ type: AuditFilterType }),
    },
    resolve: async (_, args, { db }) => {
      const page = pageFrom(args)
      const sought = soughtFrom(args.filter)
      const rows = await db.read((sql) => entriesPage(sql, page, sought))
      return connectionOf(page, rows, ({ seq, id }) => ({ key: String(seq), id }))
    },
  }),
)
