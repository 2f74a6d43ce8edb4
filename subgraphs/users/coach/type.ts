import { open } from '#kit/builder'
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
  interfaces: [NodeType],
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('Coach', id) }),
    slug: t.exposeString('slug'),
    displayName: t.exposeString('displayName'),
    headline: t.exposeString('headline', { nullable: true }),
    bio: t.string({
      nullable: true,
      description: 'In the asked language, or the other one where it is not written.',
      args: { locale: t.arg.string({ defaultValue: 'fr' }) },
      resolve: ({ bio }, { locale }) => bioIn(bio, locale ?? 'fr'),
    }),
    specialties: t.exposeStringList('specialties'),
    languages: t.exposeStringList('languages'),
    city: t.exposeString('city', { nullable: true }),
    timeZone: t.expose('timeZone', { type: 'TimeZone' }),
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
    type: CoachType,
    nullable: true,
    description: 'A published coach, by slug.',
    args: { slug: t.arg.string({ required: true }) },
    resolve: (_, { slug }, { coachBySlug }) => coachBySlug.load(slug),
  }),
)
