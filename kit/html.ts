/** Markup that is safe to send: only `html` makes it, and it escapes whatever is not markup. */
export type Html = { readonly markup: string }
type Part = string | number | null | Html | readonly Html[]

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function markupOf(part: Part): string {
  if (part === null) return ''
  if (typeof part === 'string' || typeof part === 'number') {
    return String(part).replace(/[&<>"']/g, (character) => escapes[character] ?? '')
  }
  return 'markup' in part ? part.markup : part.map(markupOf).join('')
}

export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  markup: strings.reduce((text, next, index) => text + markupOf(parts[index - 1] ?? null) + next),
})

/** Markup from a source of our own, as it is: the style sheet, a form that the library made. */
export const trusted = (markup: string): Html => ({ markup })
