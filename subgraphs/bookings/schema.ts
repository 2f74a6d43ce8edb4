import { withCacheControl } from '#kit/cache-control'
import { federationVersion } from '#kit/subgraph'
import './availability/set.ts'
import './availability/type.ts'
import './booking/cancel.ts'
import './booking/confirm.ts'
import './booking/hold.ts'
import './booking/list.ts'
import './booking/live.ts'
import './booking/release.ts'
import './booking/reschedule.ts'
import './booking/type.ts'
import { builder } from './builder.ts'
import './coach/type.ts'
import './service/list.ts'
import './service/type.ts'
import './service/upsert.ts'
import './slot/list.ts'
import './slot/type.ts'
import './viewer/type.ts'

builder.queryType({})
builder.mutationType({})
builder.subscriptionType({})

export const schema = builder.toSubGraphSchema({ linkUrl: federationVersion, ...withCacheControl })
