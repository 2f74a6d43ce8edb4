import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { renderOverlay } from '../../render/overlay.ts'
import { kindOf, nameOf, namespaceOf } from '../../render/resource.ts'

const root = resolve(import.meta.dir, '../../..')
const runbooks = join(root, 'deploy/runbooks')
const scripts = join(root, 'deploy/postgres/bin')
const books = readdirSync(runbooks).filter((name) => /^restore.*\.md$/.test(name))
const textOf = (name: string) => readFileSync(join(runbooks, name), 'utf8')

/** Lines of the blocks that a person copies, and what is written in a line of text. */
const commandsIn = (text: string): string[] => [
  ...[...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.split('\n')),
  ...[...text.matchAll(/`((?:kubectl|flux|pgbackrest|restore-|backup-|k3s|bun) [^`\n]+)`/g)].map(
    ([, inline = '']) => inline,
  ),
]

const all = books.flatMap((book) =>
  commandsIn(textOf(book)).map((command) => [book, command] as const),
)

const objects = new Set(
  ['single-4g', 'full-8g'].flatMap((profile) =>
    renderOverlay(profile).map(
      (value) => `${namespaceOf(value)} ${kindOf(value).toLowerCase()}/${nameOf(value)}`,
    ),
  ),
)
/** Made by the runbook itself, or by an operator. */
const made = ['job/', 'cluster/postgres-restored', 'pod/postgres-0']

test('there are runbooks for every loss, and each begins with what it is for', () => {
  expect(books.length).toBeGreaterThanOrEqual(6)
  for (const book of books) expect(textOf(book)).toMatch(/^# .+\n\n\S/)
  expect(all.length).toBeGreaterThan(30)
})

test('every object that a command names is in a profile, in that namespace', () => {
  const missing = all.flatMap(([book, command]) => {
    const namespace = /--namespace (\S+)/.exec(command)?.[1]
    const named = command.matchAll(/\b(cronjob|statefulset|deployment|cluster|pod|job)\/([\w-]+)/g)
    return [...named]
      .map(([one]) => one)
      .filter((one) => !made.some((start) => one.startsWith(start)))
      .filter((one) => !objects.has(`${namespace} ${one}`))
      .map((one) => `${book}: ${one} in ${namespace}`)
  })
  expect(missing).toEqual([])
})

test('every script that a command runs is in the image, and knows the options', () => {
  const known = readdirSync(scripts)
  const faults = all.flatMap(([book, command]) => {
    const run = /(?:^|-- )((?:restore|backup|dump|drill|snapshot)-\w+)((?: .*)?)$/.exec(command)
    const [, name = '', args = ''] = run ?? []
    if (!run) return []
    if (!known.includes(name)) return [`${book}: ${name}`]
    const text = readFileSync(join(scripts, name), 'utf8')
    const strange = (args.match(/--\w+/g) ?? []).filter((option) => !text.includes(option))
    return strange.map((option) => `${book}: ${name} ${option}`)
  })
  expect(faults).toEqual([])
  expect(all.some(([, command]) => command.includes('restore-database --replace'))).toBe(true)
})

/** What kubectl, flux, pgbackrest do here; a misspelt verb is in none of them. */
const verbs: Readonly<Record<string, readonly string[]>> = {
  kubectl: 'apply create delete exec get logs patch rollout scale wait'.split(' '),
  flux: ['suspend', 'resume'],
  pgbackrest: ['info', 'check', 'expire'],
  bun: ['run'],
  k3s: ['server'],
}

test('every command is one that its program has', () => {
  const faults = all.flatMap(([book, command]) =>
    command.split(/ -- | \| /).flatMap((part) => {
      const [program = '', ...rest] = part.replace(/--namespace \S+ /, '').split(' ')
      const own = verbs[program]
      return own && !own.includes(rest[0] ?? '') ? [`${book}: ${command}`] : []
    }),
  )
  expect(faults).toEqual([])
})

test('every file and every section that is pointed at is there', () => {
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-')
  const faults = books.flatMap((book) => {
    const text = textOf(book)
    const files = [...text.matchAll(/\bdeploy\/[\w./-]+\w/g)].map(([path]) => join(root, path))
    const links = [...text.matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)].map(
      ([, path = '', anchor]) => {
        const target = join(runbooks, path || book)
        const file = [target, `${target}.md`].find((one) => existsSync(one)) ?? target
        const isThere =
          existsSync(file) &&
          (!anchor ||
            [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].some(
              ([, heading = '']) => slug(heading) === anchor,
            ))
        return isThere ? null : `${book}: ${path}#${anchor ?? ''}`
      },
    )
    return [...links.filter(Boolean), ...files.filter((file) => !existsSync(file))]
  })
  expect(faults).toEqual([])
})
