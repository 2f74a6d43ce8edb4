import { createHash } from 'node:crypto'
import { html, trusted } from '#kit/html'
import { policyText } from './headers.ts'

const style = `
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: light-dark(#faf9f6, #0e1312); color: light-dark(#17211f, #edf2f0); }
main { max-width: 26rem; margin: 1.5rem; padding: 2rem; border-radius: 1rem;
  background: light-dark(#ffffff, #151b1a); border: 1px solid light-dark(#e7e3da, #26302e); }
h1, h2 { margin: 0 0 .25rem; font-size: 1.25rem; line-height: 1.3; }
p { margin: 0; color: light-dark(#4a5654, #b3bfbc); }
section + section { margin-top: 1.5rem; padding-top: 1.5rem;
  border-top: 1px solid light-dark(#e7e3da, #26302e); }
a { display: inline-block; margin-top: .75rem; padding: .25rem 0;
  color: light-dark(#0c5a4d, #86ddc8); }
`
const styleHash = createHash('sha256').update(style).digest('base64')

const refusalPolicy = policyText({
  'default-src': "'none'",
  'style-src': `'sha256-${styleHash}'`,
  'img-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
})

/** What somebody reads who is signed in and may not see a page, in both languages. */
export function refusalPage(
  productName: string,
  reason: { readonly fr: string; readonly en: string },
): () => Response {
  const { markup } = html`<!doctype html>
<html lang="fr">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>${productName} · 403</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <style>${trusted(style)}</style>
  </head>
  <body>
    <main>
      <section>
        <h1>Cette page est réservée aux administrateurs</h1>
        <p>${reason.fr}</p>
        <a href="/">Retour à l’accueil</a>
      </section>
      <section lang="en">
        <h2>This page is for administrators</h2>
        <p>${reason.en}</p>
        <a href="/">Back to the home page</a>
      </section>
    </main>
  </body>
</html>
`
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': refusalPolicy,
    'cache-control': 'no-store',
  }
  return () => new Response(markup, { status: 403, headers })
}
