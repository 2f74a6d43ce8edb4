import type { IncomingMessage } from 'node:http'
import type { Context } from 'oidc-provider'

const formBytesMax = 8_192

/** Null for anything but a small form. */
export async function formFrom(ctx: Context): Promise<URLSearchParams | null> {
  if (!ctx.get('content-type').startsWith('application/x-www-form-urlencoded')) return null
  const body = await textOf(ctx.req)
  return body === null ? null : new URLSearchParams(body)
}

async function textOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    bytes += part.byteLength
    if (bytes > formBytesMax) return null
    chunks.push(part)
  }
  return Buffer.concat(chunks).toString()
}

/** A form of another site never signs anybody in here, not even into the attacker's own account. */
export function isOwnForm(ctx: Context, issuer: string): boolean {
  const origin = ctx.get('origin')
  const site = ctx.get('sec-fetch-site')
  return (!origin || origin === new URL(issuer).origin) && (!site || site === 'same-origin')
}
