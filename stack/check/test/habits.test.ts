import { describe, expect, test } from 'bun:test'
import { budgetFaults, functionsOf, p90 } from '../budgets.ts'
import { commentFaults, environmentFaults, guardFaults, nameFaults } from '../habits.ts'
import { readSources, sourceFrom } from '../source.ts'

describe('names', () => {
  test.each([
    'kit/identity-token.ts',
    'kit/bus.embedded.ts',
    'web/routes/coach/page.tsx',
    'kit/a.browser.test.ts',
  ])('%s is kebab-case', (path) => {
    expect(nameFaults([sourceFrom(path, '')])).toEqual([])
  })

  test.each([
    'kit/identityToken.ts',
    'kit/Identity.ts',
    'kit/identity_token.ts',
    'kit/MyRoom/a.ts',
  ])('%s is not', (path) => {
    expect(nameFaults([sourceFrom(path, '')])).toEqual([`${path}: names are written in kebab-case`])
  })
})

describe('the environment', () => {
  const faultsOf = (path: string, text: string) => environmentFaults([sourceFrom(path, text)])

  const allowed: [string, string][] = [
    ['gateway/config.ts', 'const port = process.env.PORT'],
    ['gateway/main.ts', 'const config = configFrom(process.env)'],
    ['stack/up/services.ts', 'const child = { env: { ...process.env } }'],
    ['stack/testing/preload.ts', 'const url = process.env.PLEXUS_TEST_POSTGRES'],
    ['kit/test/config.test.ts', "const url = process.env['URL']"],
    ['web/build.ts', 'const mode = process.env.NODE_ENV'],
    ['kit/log.ts', 'const env = { LEVEL: 1 }; env.LEVEL'],
  ]
  test.each(allowed)('%s may say: %s', (path, text) => {
    expect(faultsOf(path, text)).toEqual([])
  })

  const refused: [string, string][] = [
    ['kit/log.ts', 'const level = process.env.LOG_LEVEL'],
    ['kit/log.ts', "const level = process.env['LOG_LEVEL']"],
    ['kit/log.ts', 'const level = Bun.env.LOG_LEVEL'],
    ['kit/log.ts', 'const level = import.meta.env.LOG_LEVEL'],
    ['kit/log.ts', 'const config = configFrom(process.env)'],
    ['gateway/main.ts', 'const port = process.env.PORT'],
    ['stack/up.ts', 'const port = process.env.PORT'],
    ['web/app.tsx', 'const port = process.env.PORT'],
  ]
  test.each(refused)('%s may not say: %s', (path, text) => {
    expect(faultsOf(path, text)).toEqual([`${path}:1: only config.ts reads the environment`])
  })
})

describe('a guard of the gateway', () => {
  const faultsOf = (path: string, text: string) => guardFaults([sourceFrom(path, text)])

  test.each([
    ['gateway/edge.ts', "createBearer({ ...options, without: new Set(['token-issuer']) })"],
    ['gateway/app.ts', 'createEdge({ ...deps, without: config.without })'],
    ['gateway/edge.ts', "const without = new Set(['token-issuer']) as unknown as Without"],
    ['stack/up/services.ts', 'const options = { without: undefined }'],
  ])('%s may not leave it out: %s', (path, text) => {
    expect(faultsOf(path, text)).toEqual([`${path}:1: only a test leaves a guard out`])
  })

  test.each([
    ['gateway/test/attacks/tokens/world.ts', "startEdge({ without: leaveOut('token-issuer') })"],
    ['gateway/edge.ts', 'const bearer = createBearer({ ...config.provider, without })'],
    ['gateway/edge.ts', 'const stage = http({ routes, without: deps.without })'],
    ['gateway/identity/guards.ts', 'type Unguarded = { without?: Without }'],
  ])('%s may say: %s', (path, text) => {
    expect(faultsOf(path, text)).toEqual([])
  })
})

describe('comments', () => {
  const faultsOf = (text: string) => commentFaults([sourceFrom('kit/a.ts', text)])

  test.each([
    '// @ts-expect-error it works',
    '/* @ts-ignore */',
    '// biome-ignore lint: no',
    'const a = 1 // @ts-ignore',
  ])('a suppression is refused: %s', (comment) => {
    expect(faultsOf(`${comment}\nconst b = 2`)).toEqual([
      'kit/a.ts:1: a rule is obeyed, not suppressed',
    ])
  })

  test('an intention names its issue', () => {
    expect(faultsOf('// TODO: later\nconst a = 1')).toEqual([
      'kit/a.ts:1: a TODO names its issue: TODO(#12)',
    ])
    expect(faultsOf('// TODO(#12): later\nconst a = 1')).toEqual([])
  })

  test('the same words in a text are no comment', () => {
    expect(faultsOf("const a = '// TODO @ts-ignore'")).toEqual([])
  })
})

describe('budgets', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, n) => `  const v${n} = ${n}`)
  const functionOf = (count: number) => `function f() {\n${lines(count - 2).join('\n')}\n}`
  const faultsOf = (text: string, path = 'kit/a.ts') => budgetFaults([sourceFrom(path, text)])

  test('a function of 70 lines passes and one of 71 does not, in a test both do', () => {
    const short = Array.from({ length: 20 }, (_, n) => `function s${n}() {}`).join('\n')
    expect(faultsOf(`${short}\n${functionOf(70)}`)).toEqual([])
    expect(faultsOf(`${short}\n${functionOf(71)}`)).toEqual([
      'kit/a.ts:21: a function of 71 lines, at most 70',
    ])
    expect(faultsOf(functionOf(71), 'kit/a.test.ts')).toEqual([])
  })

  test('nine of ten functions stay within 35 lines', () => {
    expect(faultsOf(functionOf(36))).toEqual([
      'nine of ten functions have up to 36 lines, at most 35',
    ])
    expect(p90([1, 2, 3, 4, 5, 6, 7, 8, 9, 100])).toBe(9)
    expect(p90([])).toBe(0)
  })

  test('a file of 300 lines passes and one of 301 does not', () => {
    const file = (count: number) => `${lines(count).join('\n')}\n`
    expect(faultsOf(file(300))).toEqual([])
    expect(faultsOf(file(301))).toEqual(['kit/a.ts: 301 lines, at most 300; split it by noun'])
  })

  test('a fifth parameter is one too many', () => {
    expect(faultsOf('const f = (a, b, c, d) => { return a }')).toEqual([])
    expect(faultsOf('const f = (a, b, c, d, e) => { return a }')).toEqual([
      'kit/a.ts:1: 5 parameters, at most 4; take one object',
    ])
  })

  test('any and ! are refused, in tests as well', () => {
    const text = 'const a: any = 1\nconst b = a!.c'
    expect(faultsOf(text, 'kit/a.test.ts')).toEqual([
      'kit/a.test.ts:1: any',
      'kit/a.test.ts:2: a non-null assertion',
    ])
    expect(faultsOf('const any = !true')).toEqual([])
  })

  test('methods and accessors are functions, expressions after an arrow are not', () => {
    const text = 'class A { get b() { return 1 }\n c() { return 2 } }\nconst d = () => 3'
    expect(functionsOf(sourceFrom('kit/a.ts', text)).map(({ place }) => place)).toEqual([
      'kit/a.ts:1',
      'kit/a.ts:2',
    ])
  })
})

test('sources are what people wrote: nothing generated, nothing installed', async () => {
  const paths = (await readSources(`${import.meta.dir}/../../..`)).map(({ path }) => path)
  expect(paths).toContain('stack/check/source.ts')
  expect(paths.filter((path) => /node_modules|\.generated\.|\.d\.ts$/.test(path))).toEqual([])
})
