const words = new Set([
  ...['by', 'without', 'on', 'ignoring', 'group_left', 'group_right'],
  ...['and', 'or', 'unless', 'offset', 'bool', 'atan2', 'inf', 'nan'],
])

/** What stands in quotes, braces and brackets, and the labels that an operator names. */
const withoutLabels = (query: string) =>
  query
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')

/** The metrics that a query asks for: names that are neither called nor words of the language. */
export function metricsOf(query: string): string[] {
  const found = withoutLabels(query).matchAll(/(?<![\w:.])([a-zA-Z_:][\w:]*)(\s*\()?/g)
  const names = [...found].flatMap(([, name = '', call]) => (call || words.has(name) ? [] : [name]))
  return [...new Set(names)]
}
