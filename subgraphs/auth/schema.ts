import { federationVersion } from '#kit/subgraph'
import { builder } from './builder.ts'
import './account/create.ts'
import './account/type.ts'
import './account/user.ts'
import './api-key/change.ts'
import './api-key/create.ts'
import './api-key/type.ts'
import './client/change.ts'
import './client/register.ts'
import './client/type.ts'
import './credential/type.ts'
import './passkey/type.ts'
import './proof-of-work/type.ts'
import './recovery/type.ts'
import './security/type.ts'
import './impersonation/act-for.ts'
import './impersonation/end.ts'
import './impersonation/start.ts'
import './session/person.ts'
import './session/revoke.ts'
import './session/type.ts'
import './totp/type.ts'

builder.queryType({})
builder.mutationType({})

export const schema = builder.toSubGraphSchema({ linkUrl: federationVersion })
