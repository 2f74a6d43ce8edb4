import { z } from 'zod'

const Patterns = z.array(z.string().startsWith('/'))

/** `/coaches/$slug` stands for one segment of any text. */
const expressionOf = (pattern: string): RegExp => {
  const segments = pattern
    .split('/')
    .map((segment) => (segment.startsWith('$') ? '[^/]+' : RegExp.escape(segment)))
  return new RegExp(`^${segments.join('/')}/?$`)
}

/** Tells the addresses that the web client has a page for. Throws for what is no list of them. */
export function clientRoutesFrom(json: string): (path: string) => boolean {
  const expressions = Patterns.parse(JSON.parse(json)).map(expressionOf)
  return (path) => expressions.some((expression) => expression.test(path))
}
