import { z } from 'zod'
import { invalidRequest, type StripeFault } from './fault.ts'
import type { FormFields } from './form.ts'

/** Stripe's parameter types, as they arrive in a form. */
export const text = z.string().max(5_000)
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/, 'integer')
  .transform(Number)
export const bool = z.enum(['true', 'false'], 'boolean').transform((value) => value === 'true')
export const currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/, 'currency')
  .transform((value) => value.toLowerCase())
export const httpUrl = z.string().max(5_000).refine(isHttpUrl, 'url')
export const metadata = z.record(z.string().min(1).max(40), z.string().max(500)).default({})

function isHttpUrl(value: string): boolean {
  return /^https?:$/.test(URL.parse(value)?.protocol ?? '')
}

/** A list arrives as fields named 0, 1, 2 … */
export const list = <Item extends z.ZodType>(item: Item, max = 100) =>
  z.preprocess(
    (value) => (typeof value === 'object' && value !== null ? Object.values(value) : value),
    z.array(item).max(max),
  )

export const page = {
  limit: integer.pipe(z.int().min(1).max(100)).default(10),
  starting_after: text.optional(),
  ending_before: text.optional(),
}

export type Page = {
  limit: number
  starting_after?: string | undefined
  ending_before?: string | undefined
}

type Issue = z.core.$ZodIssue

/** `line_items[0][price_data]`, as the caller wrote it. */
const paramOf = (path: readonly PropertyKey[]) =>
  path.map((name, index) => (index === 0 ? String(name) : `[${String(name)}]`)).join('')

const invalidTexts: Readonly<Record<string, string>> = {
  integer: 'Invalid integer',
  boolean: 'Invalid boolean',
  currency: 'Invalid currency',
  url: 'Not a valid URL',
}

const isMissing = (issue: Issue) => issue.code === 'invalid_type' && issue.input === undefined

function faultOf(issue: Issue): StripeFault {
  if (issue.code === 'unrecognized_keys') {
    const param = paramOf([...issue.path, issue.keys[0] ?? ''])
    return invalidRequest(`Received unknown parameter: ${param}`, {
      ...{ code: 'parameter_unknown', param },
    })
  }
  const param = paramOf(issue.path)
  if (isMissing(issue)) {
    return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
  }
  const known = invalidTexts[issue.message]
  const code = known ? `parameter_invalid_${issue.message}` : 'parameter_invalid'
  return invalidRequest(`${known ?? 'Invalid value'}: ${param}`, { code, param })
}

const expandable = list(text, 20).optional()

/** Parses a call's parameters; what it does not name is refused, as Stripe does. Throws StripeFault. */
export function paramsFrom<Shape extends z.ZodRawShape>(shape: Shape, fields: FormFields) {
  // Every call may ask for objects in the place of their ids.
  const { expand, ...rest } = fields
  const parsed = z.strictObject(shape).safeParse(rest, { reportInput: true })
  const [issue] = [parsed, expandable.safeParse(expand)].flatMap(({ error }) => error?.issues ?? [])
  if (issue) throw faultOf(issue)
  if (parsed.success) return parsed.data
  throw invalidRequest('Invalid request.')
}
