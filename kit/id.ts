const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Lower case, as PostgreSQL writes it. */
export const isUuid = (text: string) => uuid.test(text)

/** The opaque id a client sees: base64url of `Type:uuid`. */
export const toGlobalId = (type: string, id: string) =>
  Buffer.from(`${type}:${id}`).toString('base64url')

/** Type and uuid of a global id; null for anything else. */
export function parseGlobalId(globalId: string): { type: string; id: string } | null {
  const [type, id, ...rest] = Buffer.from(globalId, 'base64url').toString().split(':')
  if (!type || !id || rest.length > 0 || !isUuid(id)) return null
  return { type, id }
}

/** The uuid behind a global id of that type; null for another type or anything that is not an id. */
export function fromGlobalId(type: string, globalId: string): string | null {
  const parsed = parseGlobalId(globalId)
  return parsed?.type === type ? parsed.id : null
}
