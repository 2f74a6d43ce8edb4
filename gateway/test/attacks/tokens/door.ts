import type { Attack, Attacks } from './attack.ts'
import { encoded } from './forge.ts'
import { believesProxy, readsAddress, readsCookie, takesLast, takesPassword } from './fronts.ts'
import { address, question, type World } from './world.ts'

const bearerUse = 'RFC 6750 section 2'

const scheme = (write: (token: string) => string): Attack => ({
  ...{ guard: 'door-scheme', source: 'RFC 9110 section 11.4, RFC 9449 section 7.1' },
  request: ({ token }: World) => question({ authorization: write(token()) }),
})

export const doorAttacks: Attacks = {
  'a token in the address': {
    ...{ guard: null, source: 'RFC 6750 section 5.3, RFC 9700 section 4.3.2' },
    twin: { front: readsAddress },
    request: ({ token }) => {
      const { headers } = question({})
      const body = JSON.stringify({ query: '{ secret }' })
      return new Request(`${address}?access_token=${token()}`, { method: 'POST', headers, body })
    },
  },
  'a token in a cookie of any name': {
    ...{ guard: null, source: bearerUse, twin: { front: readsCookie } },
    request: ({ token }) => question({ headers: { cookie: `access_token=${token()}` } }),
  },
  'a token in a header that a proxy would set': {
    ...{ guard: null, source: 'OWASP ASVS 4.1.3', twin: { front: believesProxy } },
    request: ({ token }) => question({ headers: { 'x-forwarded-access-token': token() } }),
  },
  'two headers, of which another one looks at the first': {
    ...{ guard: null, source: `${bearerUse}, CWE-444`, twin: { front: takesLast } },
    request: ({ token }) => {
      const headers = new Headers({ authorization: 'Bearer a.b.c' })
      headers.append('authorization', `Bearer ${token()}`)
      return question({ headers })
    },
  },
  'a token for a password': {
    ...{ guard: null, source: 'RFC 7617', twin: { front: takesPassword } },
    request: ({ token }) => question({ authorization: `Basic ${btoa(`token:${token()}`)}` }),
  },
  'a cookie and a token': {
    ...{ guard: 'door-one-credential', source: bearerUse },
    request: ({ token }) =>
      question({
        authorization: `Bearer ${token()}`,
        headers: { cookie: `__Host-plexus=${encoded('x'.repeat(32))}` },
      }),
  },
  'another scheme': scheme((token) => `Token ${token}`),
  'the name of the format for a scheme': scheme((token) => `JWT ${token}`),
  'a scheme that begins with ours': scheme((token) => `Bearer: ${token}`),
  'a token that is not bound, as if it were': scheme((token) => `DPoP ${token}`),
}
