import { operationHashes } from '../operations.generated.ts'
import { observeServerDate } from './clock.ts'

const named = (body: unknown): { operationName: string; variables?: unknown } => {
  // The body is urql's own JSON.
  const { operationName, variables } = JSON.parse(String(body)) as Record<string, unknown>
  return { operationName: String(operationName), variables }
}

/**
 * Sends an operation by its registered hash; the text of a document never leaves the browser.
 * Throws for an operation that `bun run operations` has not seen.
 */
export async function registeredFetch(
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  const { operationName, variables } = named(init?.body)
  const hash = operationHashes[operationName]
  if (!hash) throw new Error(`${operationName} is not registered: run \`bun run operations\``)
  const response = await fetch(input, {
    ...init,
    credentials: 'same-origin',
    body: JSON.stringify({ documentId: `sha256:${hash}`, variables }),
  })
  observeServerDate(response.headers.get('date'))
  return response
}
