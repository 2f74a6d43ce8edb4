import { federationVersion } from '#kit/subgraph'
import { builder } from './builder.ts'
import './payment/checkout.ts'
import './payment/list.ts'
import './payment/type.ts'
import './price/set.ts'
import './refund/request.ts'
import './reservation/type.ts'
import './service/type.ts'
import './webhook/list.ts'
import './webhook/replay.ts'

builder.queryType({})
builder.mutationType({})

export const schema = builder.toSubGraphSchema({ linkUrl: federationVersion })
