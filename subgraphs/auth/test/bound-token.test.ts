import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, decodeJwt, type JWK, SignJWT } from 'jose'
import { change, disableMutation, register } from './clients.ts'
import { type Graph, newGraph } from './graph.ts'
import { newWorld, type World } from './world.ts'

let world: World
let graph: Graph
let client: { id: string; secret: string }
beforeAll(async () => {
  world = await newWorld()
  graph = await newGraph(world.base)
  const registered = await register(graph)
  client = { id: registered.client.clientId, secret: registered.secretShownOnce }
})
afterAll(async () => {
  await graph.stop()
  await world.stop()
})

type Pair = { privateKey: KeyObject; jwk: JWK }

function newPair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { privateKey, jwk: publicKey.export({ format: 'jwk' }) }
}

const proofOf = ({ privateKey, jwk }: Pair, claims: Record<string, unknown> = {}) =>
  new SignJWT({ jti: randomUUID(), htm: 'POST', htu: `${world.issuer}/token`, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
    .setIssuedAt()
    .sign(privateKey)

async function askToken(dpop: string | null) {
  const response = await fetch(`${world.issuer}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}`,
      ...(dpop && { dpop }),
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'bookings:read' }),
  })
  return { status: response.status, body: await response.json() }
}

describe('a program that proves a key of its own', () => {
  test('gets a token that is bound to it', async () => {
    const pair = newPair()
    const { status, body } = await askToken(await proofOf(pair))
    expect(status).toBe(200)
    expect(body.token_type).toBe('DPoP')
    expect(decodeJwt(body.access_token)).toMatchObject({
      ...{ client_id: client.id, scope: 'bookings:read', roles: ['partner_app'] },
      cnf: { jkt: await calculateJwkThumbprint(pair.jwk) },
    })
  })

  test('gets one that is bound to nothing when it brings no proof', async () => {
    const { body } = await askToken(null)
    expect(body.token_type).toBe('Bearer')
    expect(decodeJwt(body.access_token)).not.toHaveProperty('cnf')
  })

  test.each([
    ['for another address', { htu: 'https://evil.example/token' }],
    ['for another method', { htm: 'GET' }],
  ])('gets nothing for a proof %s', async (_, claims) => {
    const { status, body } = await askToken(await proofOf(newPair(), claims))
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_dpop_proof' })
  })

  test('gets nothing for a proof that was used', async () => {
    const proof = await proofOf(newPair())
    expect((await askToken(proof)).status).toBe(200)
    const again = await askToken(proof)
    expect(again.status).toBe(400)
    expect(again.body).not.toHaveProperty('access_token')
  })

  test('gets nothing once it is disabled, whatever it proves', async () => {
    await change(graph, disableMutation, client.id)
    expect((await askToken(await proofOf(newPair()))).status).toBe(401)
  })
})
