import { renderGraphiQL } from 'graphql-yoga'
import { policyText } from '../http/headers.ts'

/** What the page loads comes from unpkg: a gateway on its own has no build of a web client. */
const source = 'https://unpkg.com'

const policy = policyText({
  'default-src': "'none'",
  'script-src': `'unsafe-inline' ${source} blob:`,
  'style-src': `'unsafe-inline' ${source}`,
  'img-src': "'self' data: https:",
  'font-src': `data: ${source}`,
  'connect-src': `'self' ${source}`,
  'worker-src': 'blob:',
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
})

const page = renderGraphiQL({
  title: 'GraphiQL',
  endpoint: '/graphql',
  subscriptionsProtocol: 'SSE',
})

export const explorerPage = (): Response =>
  new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store',
    },
  })
