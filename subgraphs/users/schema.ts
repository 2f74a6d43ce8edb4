import { withCacheControl } from '#kit/cache-control'
import { federationVersion } from '#kit/subgraph'
import { builder } from './builder.ts'
import './audit/type.ts'
import './coach/list.ts'
import './coach/type.ts'
import './coach/upsert.ts'
import './delegation/grant.ts'
import './delegation/revoke.ts'
import './delegation/viewer.ts'
import './login/type.ts'
import './node/type.ts'
import './person/list.ts'
import './person/type.ts'
import './person/update.ts'
import './viewer/type.ts'

builder.queryType({})
builder.mutationType({})

export const schema = builder.toSubGraphSchema({ linkUrl: federationVersion, ...withCacheControl })
