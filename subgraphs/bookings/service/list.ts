import { open, pageArguments, paged, seenBy } from '#kit/builder'
import { kept } from '#kit/cache-control'
import { connectionOf, type Page, pageFrom } from '#kit/connection'
import { fromGlobalId } from '#kit/id'
import { builder } from '../builder.ts'
import { CoachType } from '../coach/type.ts'
import { type ServiceRow, servicesPage } from './queries.ts'
import { ServiceType } from './type.ts'

const ServiceConnectionType = builder.connectionObject(
  { type: ServiceType, name: 'ServiceConnection', ...seenBy.everybody },
  { name: 'ServiceEdge', ...seenBy.everybody },
)

const listed = (page: Page, rows: readonly ServiceRow[]) =>
  connectionOf(page, rows, ({ id }) => ({ key: '', id }))

builder.queryField('services', (t) =>
  t.field({
    ...open,
    ...kept(60),
    ...paged,
    type: ServiceConnectionType,
    description: 'Services on offer, in the order in which they were added.',
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
      coachId: t.arg.id(),
    },
    resolve: async (_, { coachId, ...args }, { db }) => {
      const page = pageFrom(args)
      if (coachId == null) return listed(page, await db.read((sql) => servicesPage(sql, page)))
      const id = fromGlobalId('Coach', coachId)
      return listed(page, id ? await db.read((sql) => servicesPage(sql, page, id)) : [])
    },
  }),
)

builder.objectField(CoachType, 'services', (t) =>
  t.field({
    ...seenBy.everybody,
    ...paged,
    type: ServiceConnectionType,
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
    },
    resolve: async ({ id }, args, { servicesOfCoach }) => {
      const page = pageFrom(args)
      return listed(page, await servicesOfCoach(page).load(id))
    },
  }),
)
