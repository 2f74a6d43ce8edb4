import { invalidRequest } from './fault.ts'

/** What `a[b][0]=c` means: text, or fields by name. A list is fields named 0, 1, 2 …; `params.ts` makes it one. */
export type FormValue = string | FormFields
export type FormFields = { [name: string]: FormValue }

const depthMax = 8
const key = /^[^[\]]+(\[[^[\]]*\])*$/

/** The names of one key: `a[b][0]` gives a, b, 0. Throws StripeFault for a key that is not well formed. */
function namesIn(text: string): string[] {
  const names = key.test(text) ? text.split('[').map((name) => name.replace(/\]$/, '')) : []
  if (names.length === 0 || names.length > depthMax) {
    throw invalidRequest(`Invalid request: the parameter name ${text.slice(0, 100)} is malformed.`)
  }
  return names
}

// Without a prototype no name means more than itself.
const fields = (): FormFields => Object.create(null)

/** `a[]=x` appends. */
const nameIn = (inside: FormFields, name: string) =>
  name === '' ? String(Object.keys(inside).length) : name

function put(root: FormFields, names: readonly string[], value: string) {
  let inside = root
  for (const [index, raw] of names.entries()) {
    const name = nameIn(inside, raw)
    const existing = inside[name]
    if (index === names.length - 1) {
      inside[name] = value
      return
    }
    if (typeof existing === 'string') {
      throw invalidRequest(`Invalid request: ${names.join('.')} is both a value and an object.`)
    }
    const next = existing ?? fields()
    inside[name] = next
    inside = next
  }
}

/** Reads a form body or a query string as Stripe does. Throws StripeFault. */
export function fieldsFrom(text: string): FormFields {
  const root = fields()
  for (const [name, value] of new URLSearchParams(text)) put(root, namesIn(name), value)
  return root
}
