import { open, seenBy } from '#kit/builder'
import { kept } from '#kit/cache-control'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { builder, NodeType } from '../builder.ts'
import type { Context } from '../context.ts'
import { type CoachRow, coachesByIds } from './queries.ts'
import { bioIn } from './rules.ts'

export const CoachType = builder.loadableObjectRef<CoachRow, string>('Coach', {
  load: (ids: string[], { db }: Context) => db.read((sql) => coachesByIds(sql, ids)),
  sort: (coach) => coach.id,
})

CoachType.implement({
  ...kept(60),
  interfaces: [NodeType],
  fields: (t) => ({
    id: t.id({ ...seenBy.everybody, resolve: ({ id }) => toGlobalId('Coach', id) }),
    slug: t.exposeString('slug', seenBy.everybody),
    displayName: t.exposeString('displayName', seenBy.everybody),
    headline: t.exposeString('headline', { ...seenBy.everybody, nullable: true }),
    bio: t.string({
      ...seenBy.everybody,
      nullable: true,
      description: 'In the asked language, or the other one where it is not written.',
      args: { locale: t.arg.string({ defaultValue: 'fr' }) },
      resolve: ({ bio }, { locale }) => bioIn(bio, locale ?? 'fr'),
    }),
    specialties: t.exposeStringList('specialties', seenBy.everybody),
    languages: t.exposeStringList('languages', seenBy.everybody),
    city: t.exposeString('city', { ...seenBy.everybody, nullable: true }),
    timeZone: t.expose('timeZone', { ...seenBy.everybody, type: 'TimeZone' }),
    published: t.exposeBoolean('published'),
  }),
})

/** A coach is named by id or by slug; null when there is none, or it may not be seen. */
async function coachFrom(reference: { id?: string; slug?: string }, context: Context) {
  if (reference.slug !== undefined) return context.coachBySlug.load(reference.slug)
  const id = fromGlobalId('Coach', reference.id ?? '')
  return id ? CoachType.getDataloader(context).load(id) : null
}

builder.asEntity(CoachType, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ slug: string }>('slug')],
  resolveReference: coachFrom,
})

builder.queryField('coach', (t) =>
  t.field({
    ...open,
    ...kept(60),
    type: CoachType,
    nullable: true,
    description: 'A published coach, by slug.',
    args: { slug: t.arg.string({ required: true }) },
    resolve: (_, { slug }, { coachBySlug }) => coachBySlug.load(slug),
  }),
)
