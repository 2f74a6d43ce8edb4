import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a secret of a known kind looks like; ours have no form of their own and are never in a file of the repository. */
const kinds: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['a private JSON Web Key', /"d"\s*:\s*"[\w-]{43,}"/],
  ['a live key of Stripe', /\b[rs]k_live_\w{10,}/],
  ['a secret of a webhook', /\bwhsec_[A-Za-z0-9+/]{32,}/],
  ['a token of GitHub', /\b(?:gh[pousr]_\w{36}|github_pat_\w{22,})/],
  ['a key of a cloud', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a token of Slack', /\bxox[abposr]-[\w-]{20,}/],
  ['a signed token', /\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{40,}/],
  ['an encryption key of SOPS', /\bAGE-SECRET-KEY-1[0-9A-Z]{50,}/],
]

/** What looks like a secret and opens nothing, by the SHA-256 of exactly that text. */
const worthless: ReadonlyMap<string, string> = new Map([
  ['755a091e95fe29e161a4ecf2dfe96f35db2f20803c63941709eedf61a598b3fa', 'deploy/test/keys'],
  ['79d11b86a8bc0dc92c5457b0e35b08cd6811e2cb696bf39671b69d162fa8048b', 'a number in a test'],
])

const isWorthless = (text: string) => worthless.has(createHash('sha256').update(text).digest('hex'))

/** What kind of secret a line holds; null for none. */
const secretIn = (line: string): string | null =>
  kinds.find(([, pattern]) => {
    const found = pattern.exec(line)?.[0]
    return found !== undefined && !isWorthless(found)
  })?.[0] ?? null

async function git(root: string, args: readonly string[]): Promise<string> {
  const child = Bun.spawn(['git', ...args], { cwd: root, stdout: 'pipe', stderr: 'ignore' })
  const text = await new Response(child.stdout).text()
  if ((await child.exited) !== 0) throw new Error(`git ${args[0]} could not be asked.`)
  return text
}

/** Secrets in the files that are there, tracked or about to be. The place is told, never the secret. */
async function secretFaults(root: string): Promise<string[]> {
  const listed = await git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  const faults = listed.split('\0').map(async (path) => {
    const text = path ? await textOf(join(root, path)) : ''
    return text.split('\n').flatMap((line, index) => {
      const kind = secretIn(line)
      return kind ? [`${path}:${index + 1}: ${kind}`] : []
    })
  })
  return (await Promise.all(faults)).flat()
}

/** Empty for what is no text, and for a file that has just gone. */
async function textOf(path: string): Promise<string> {
  const text = await Bun.file(path)
    .text()
    .catch(() => '')
  return text.includes('\0') ? '' : text
}

/** Secrets that a commit ever added, though a later one may have taken them out: who clones has them. */
async function secretsInHistory(root: string): Promise<string[]> {
  const log = await git(root, ['log', '--patch', '--unified=0', '--no-color', '--format=commit %h'])
  let commit = ''
  return log.split('\n').flatMap((line) => {
    if (line.startsWith('commit ')) commit = line.slice('commit '.length)
    const kind = line.startsWith('+') ? secretIn(line) : null
    return kind ? [`commit ${commit}: ${kind}`] : []
  })
}

const root = join(import.meta.dir, '../../..')

describe('no secret is', () => {
  test('[MP-51] in a file', async () => {
    expect(await secretFaults(root)).toEqual([])
  })

  test('[KG-34] in a commit, now or ever', async () => {
    expect(await secretsInHistory(root)).toEqual([])
  })
})

/** Put together here, so that this file holds none. */
const planted: [string, string][] = [
  ['a private key', `-----BEGIN RSA ${'PRIVATE'} KEY-----`],
  ['a private JSON Web Key', JSON.stringify({ kty: 'OKP', d: 'a'.repeat(43) })],
  ['a live key of Stripe', `key = 'sk_${'live'}_51Habcdefghijk'`],
  ['a secret of a webhook', `whsec_${'b'.repeat(32)}`],
  ['a token of GitHub', `ghp_${'c'.repeat(36)}`],
  ['a key of a cloud', `AKIA${'D'.repeat(16)}`],
  ['a token of Slack', `xoxb-${'1'.repeat(24)}`],
  ['a signed token', `${'eyJ'}${'e'.repeat(20)}.${'eyJ'}${'f'.repeat(20)}.${'g'.repeat(43)}`],
  ['an encryption key of SOPS', `AGE-SECRET-${'KEY'}-1${'H'.repeat(58)}`],
]

describe('negative control: a repository that holds some', () => {
  let folder = ''
  const commit = async (message: string) => {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org']
    await git(folder, ['add', '--all'])
    await git(folder, [...who, 'commit', '--quiet', '--message', message])
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plexus-secrets-'))
    await git(folder, ['init', '--quiet'])
    await Bun.write(join(folder, 'notes.txt'), planted.map(([, line]) => line).join('\n'))
    await commit('with secrets')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('is found out, kind by kind and line by line', async () => {
    expect(await secretFaults(folder)).toEqual(
      planted.map(([kind], index) => `notes.txt:${index + 1}: ${kind}`),
    )
  })

  test('and still when a later commit takes them out', async () => {
    await Bun.write(join(folder, 'notes.txt'), 'nothing here')
    await commit('without')
    expect(await secretFaults(folder)).toEqual([])
    const kinds = (await secretsInHistory(folder)).map((fault) =>
      fault.replace(/^commit \w+: /, ''),
    )
    expect(kinds).toEqual(planted.map(([kind]) => kind))
  })
})
