import { open, pageArguments, paged, seenBy } from '#kit/builder'
import { kept } from '#kit/cache-control'
import { connectionOf, pageFrom } from '#kit/connection'
import { soughtText } from '#kit/like'
import { builder } from '../builder.ts'
import { type CoachFilter, coachesPage, countCoaches } from './queries.ts'
import { CoachType } from './type.ts'

const CoachFilterType = builder.inputType('CoachFilter', {
  description:
    'All given parts must hold. `search` looks in name, headline, specialties and city, without accents or case.',
  fields: (t) => ({
    search: t.string({ validate: soughtText('search') }),
    specialty: t.string({ validate: soughtText('specialty') }),
    language: t.string({ validate: soughtText('language') }),
    city: t.string({ validate: soughtText('city') }),
  }),
})

type GivenFilter = { [Key in keyof CoachFilter]?: string | null | undefined }

/** An empty text asks for nothing, as a cleared search field does. */
const filterFrom = ({ search, specialty, language, city }: GivenFilter): CoachFilter => ({
  search: search?.trim() || null,
  specialty: specialty || null,
  language: language || null,
  city: city?.trim() || null,
})

const CoachConnectionType = builder.connectionObject(
  {
    type: CoachType,
    name: 'CoachConnection',
    ...seenBy.everybody,
    fields: (t) => ({
      totalCount: t.int({ nullable: true, resolve: ({ count }) => count?.() ?? null }),
    }),
  },
  { name: 'CoachEdge', ...seenBy.everybody },
)

builder.queryField('coaches', (t) =>
  t.field({
    ...open,
    ...kept(60),
    ...paged,
    type: CoachConnectionType,
    description: 'Published coaches, by name.',
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
      filter: t.arg({ type: CoachFilterType }),
    },
    resolve: async (_, args, { db }) => {
      const page = pageFrom(args)
      const filter = filterFrom(args.filter ?? {})
      const rows = await db.read((sql) => coachesPage(sql, page, filter))
      return {
        ...connectionOf(page, rows, ({ displayName, id }) => ({ key: displayName, id })),
        count: () => db.read((sql) => countCoaches(sql, filter)),
      }
    },
  }),
)
