import { observeServerDate } from './clock.ts'

/**
 * Sends an operation by its registered id; the text of a document never reaches the browser.
 * Throws for an operation that `bun run operations` has not seen.
 */
export async function registeredFetch(
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  // The body is urql's own JSON; its query is the id that the build gave the document.
  const { query, variables } = JSON.parse(String(init?.body)) as Record<string, unknown>
  const documentId = String(query)
  if (!documentId.startsWith('sha256:'))
    throw new Error(`${documentId} is not registered: run \`bun run operations\``)
  const response = await fetch(input, {
    ...init,
    credentials: 'same-origin',
    body: JSON.stringify({ documentId, variables }),
  })
  observeServerDate(response.headers.get('date'))
  return response
}
