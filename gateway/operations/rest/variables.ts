import { z } from 'zod'
import { AppError } from '#kit/errors'
import type { Exchange } from '../../exchange.ts'
import { unknown, type Values, valuesFromQuery } from './query.ts'
import type { Signature } from './signature.ts'

const Body = z.record(z.string(), z.unknown())

/**
 * What a request says of the variables: by GET the query string, by POST a JSON object, and the
 * path's last segment either way. Throws AppError BAD_REQUEST for a body that is no object.
 */
export async function variablesOf(
  exchange: Exchange,
  signature: Signature,
  segment: string | null,
): Promise<Values> {
  const { variables, inPath } = signature
  const { method } = exchange.request
  const sent =
    method === 'GET'
      ? valuesFromQuery(exchange.url.searchParams, variables)
      : fromBody(await bodyOf(exchange), signature)
  const twice = inPath !== null && segment !== null && Object.hasOwn(sent.values, inPath)
  const values =
    inPath === null || segment === null ? sent.values : { ...sent.values, [inPath]: segment }
  const missing = variables.filter(
    ({ name, isRequired }) => isRequired && !Object.hasOwn(values, name),
  )
  return {
    values,
    faults: [
      ...sent.faults,
      ...(twice ? [{ name: inPath, detail: 'The path says it already.' }] : []),
      ...missing.map(({ name }) => ({ name, detail: 'It is required.' })),
    ],
  }
}

const fromBody = (body: Readonly<Record<string, unknown>>, { variables }: Signature): Values => {
  const declared = new Set(variables.map(({ name }) => name))
  const faults = Object.keys(body)
    .filter((name) => !declared.has(name))
    .map(unknown)
  return { values: body, faults }
}

async function bodyOf(exchange: Exchange): Promise<Readonly<Record<string, unknown>>> {
  exchange.bodyText ??= await exchange.request.text()
  try {
    return Body.parse(JSON.parse(exchange.bodyText || '{}'))
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'Send the variables as one JSON object.', { cause })
  }
}
