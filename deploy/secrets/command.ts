import { readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StartError } from '../../stack/start-error.ts'
import { explain } from '../../stack/up/explain.ts'
import { isForeign, keptIn, type Place, recipientsIn, writeSet } from './folder.ts'
import { type Given, givenFrom, missingIn } from './given.ts'
import { type Material, materialFrom, newMaterial } from './material.ts'
import { rotated } from './rotate.ts'
import { isRecipient, sopsMissing } from './sops.ts'

const root = resolve(import.meta.dir, '../..')

/** Where Flux looks for the set of a stage. */
export const stageFolder = (stage: string) =>
  join(root, 'deploy/k3s/flux/clusters', stage, 'secrets')

const stages = ['staging', 'production']

const usage = `bun deploy/secrets.ts --stage staging|production [--recipient age1…]… [--given FILE] [--rotate NAME]
bun deploy/secrets.ts --plain --out FOLDER [--given FILE]     unencrypted, for a cluster test

Makes what is missing of a set of Secrets and leaves the rest. Without --recipient, a set stays encrypted for whom
it is. --given names a file of lines NAME=value with what only others can give.`

const options = {
  stage: { type: 'string' },
  out: { type: 'string' },
  recipient: { type: 'string', multiple: true },
  given: { type: 'string' },
  rotate: { type: 'string' },
  plain: { type: 'boolean', default: false },
} as const

type Asked = ReturnType<typeof askedFrom>

function askedFrom(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch {
    throw new StartError(usage)
  }
}

function folderFrom({ stage, out, plain }: Asked): string {
  if (out && !stage) return resolve(out)
  if (stage && !out && !plain && stages.includes(stage)) return stageFolder(stage)
  throw new StartError(usage)
}

/** A plain set belongs to a test and never into what is committed. */
function plainPlace(folder: string, recipients: readonly string[]): Place {
  if (recipients.length > 0) throw new StartError('--plain encrypts for nobody: leave --recipient.')
  const inside = relative(root, folder)
  if (inside.startsWith('..')) return { folder, recipients: null }
  throw new StartError('A plain set is not written into the repository: choose another --out.')
}

async function placeFrom(asked: Asked): Promise<Place> {
  const folder = folderFrom(asked)
  const named = asked.recipient ?? []
  if (asked.plain) return plainPlace(folder, named)
  const missing = sopsMissing()
  if (missing) throw new StartError(missing)
  const wrong = named.filter((recipient) => !isRecipient(recipient))
  if (wrong.length > 0) throw new StartError(`No public key of age: ${wrong.join(', ')}`)
  const recipients = named.length > 0 ? named : await recipientsIn(folder)
  if (recipients.length > 0) return { folder, recipients }
  throw new StartError('Nobody could read it: name who may by --recipient age1… (age-keygen).')
}

async function givenIn(file: string | undefined): Promise<Given> {
  if (!file) return {}
  const text = await readFile(file, 'utf8').catch(() => {
    throw new StartError(`${file} cannot be read.`)
  })
  return givenFrom(text)
}

async function next(asked: Asked, place: Place, now: Date) {
  const given = await givenIn(asked.given)
  if (await isForeign(place)) {
    throw new StartError(`${place.folder} holds something else: name an empty folder.`)
  }
  const kept = await keptIn(place)
  const material: Material =
    kept === null ? await newMaterial(now, given) : await materialFrom(kept, now, given)
  if (!asked.rotate) return { material, advice: null }
  if (kept === null) throw new StartError('There is no set to rotate anything of.')
  return rotated(material, asked.rotate, now)
}

function say(print: (line: string) => void, missing: readonly [string, string][]) {
  if (missing.length === 0) return
  print('Not given yet, and empty or worthless until it is (--given FILE):')
  for (const [name, what] of missing) print(`  ${name.padEnd(26)} ${what}`)
}

/** The exit code: 0 when the set is complete, 1 with a reason when nothing was written. */
export async function makeSecrets(
  args: readonly string[],
  now: Date,
  print: (line: string) => void,
): Promise<number> {
  try {
    const asked = askedFrom(args)
    const place = await placeFrom(asked)
    const { material, advice } = await next(asked, place, now)
    const changed = await writeSet(material, place)
    print(
      `${place.folder}: ${changed.length === 0 ? 'nothing changed' : `${changed.length} files written`}`,
    )
    say(print, missingIn(material.given))
    if (advice) print(advice)
    return 0
  } catch (error) {
    print(explain(error))
    return 1
  }
}
