import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { createMinter, type Minter, type Viewer } from '#kit/identity-token'

type GraphqlBody = {
  data: Record<string, unknown> | null
  errors?: {
    message: string
    path?: (string | number)[]
    extensions: { code: string; requestId: string }
  }[]
}

export type Asked = { status: number; body: GraphqlBody }

export { viewerWith } from '../viewer.ts'

/** A key pair and the gateway's side of it: what a subgraph under test must trust. */
export async function testIdentity(now: () => Date = () => new Date()) {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const kid = 'test'
  const privateJwk: JWK = { ...(await exportJWK(privateKey)), kid }
  const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid }
  return { publicJwks: [publicJwk], minter: createMinter({ privateJwk, now }) }
}

type Target = { fetch(request: Request): Promise<Response>; name: string; minter: Minter }

/** Asks one subgraph as the gateway does, for that viewer (null: an anonymous person). */
export async function ask(
  target: Target,
  viewer: Viewer | null,
  operation: { query: string; variables?: Record<string, unknown> },
): Promise<Asked> {
  const token = await target.minter.mint(viewer, target.name)
  const response = await target.fetch(
    new Request(`http://${target.name}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(operation),
    }),
  )
  // The response of a GraphQL server has this shape; the tests assert the rest.
  return { status: response.status, body: (await response.json()) as GraphqlBody }
}

/** The data of an answer, in the shape that the test states. Throws when there is none. */
export function dataOf<Data>({ body }: Asked): Data {
  if (!body.data) throw new Error(`No data: ${JSON.stringify(body.errors)}`)
  // A test asks for the shape it then asserts.
  return body.data as Data
}
