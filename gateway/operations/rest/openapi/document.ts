import type { Credential } from '../../../exchange.ts'
import type { JsonMap } from '../../json-schema/schema.ts'
import type { Listed } from '../listed.ts'
import { type Proof, pathsOf, schemasOf, tags } from './path.ts'
import { sharedComponents } from './shared.ts'

export type Site = {
  readonly productName: string
  readonly publicOrigin: string
  /** Who gives programs their tokens. */
  readonly issuer: string
  readonly sessionCookie: string
}

type Settings = {
  readonly publicOrigin: string
  readonly cookiePrefix: string
  readonly provider: { readonly issuer: string }
  readonly web: { readonly productName: string }
}

export const siteOf = ({ publicOrigin, cookiePrefix, provider, web }: Settings): Site => ({
  ...{ productName: web.productName, publicOrigin, issuer: provider.issuer },
  sessionCookie: `${cookiePrefix}plexus`,
})

type Described = {
  readonly version: number
  readonly credential: Credential
  readonly listed: readonly Listed[]
}

/** Whoever is nobody has nothing to prove; a program has a token or a key, a browser a session. */
const proofs: Readonly<Record<Credential, Proof>> = {
  anonymous: () => [{}],
  session: () => [{ session: [] }],
  bearer: (scopes) => [{ token: scopes }, { key: [] }],
}

/** The OpenAPI 3.1 description of what a caller may run. Source: spec.openapis.org/oas/v3.1.1. */
export function descriptionOf({ version, credential, listed }: Described, site: Site): JsonMap {
  const components = sharedComponents(site.issuer, site.sessionCookie)
  return {
    openapi: '3.1.1',
    info: {
      title: `${site.productName} API`,
      version: `v${version}`,
      summary: 'What you may run, as resources.',
      description:
        'Each operation is registered: GraphQL runs the same by its id, and MCP as a tool. What is ' +
        'below an address that names no version is version 1.',
    },
    servers: [{ url: `${site.publicOrigin}/api/v${version}` }],
    externalDocs: { url: `${site.publicOrigin}/api`, description: 'The same, to read.' },
    tags: Object.values(tags).map((name) => ({ name })),
    paths: Object.assign({}, ...listed.map((one) => pathsOf(one, proofs[credential]))),
    components: {
      ...components,
      schemas: Object.assign({}, components.schemas, ...listed.map(schemasOf)),
    },
  }
}
