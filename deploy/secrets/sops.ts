import { parse } from 'yaml'
import { z } from 'zod'
import { ended } from '../../stack/program.ts'
import { StartError } from '../../stack/start-error.ts'
import { toolPath } from '../tools/path.ts'

const programPath = () => Bun.which('sops') ?? toolPath('sops')

const absent =
  'Secrets are encrypted by sops, and it is missing: `bun deploy/tools.ts sops`. Nothing was written.'

/** Why nothing can be encrypted here, or null. */
export const sopsMissing = (): string | null => (programPath() ? null : absent)

/** What goes in by standard input never lies on a disk. Throws StartError with what sops said. */
async function sops(args: readonly string[], input: string): Promise<string> {
  const path = programPath()
  if (!path) throw new StartError(absent)
  // Without a .sops.yaml: for whom, and what, is said here.
  const { code, out, said } = await ended([path, '--config', '/dev/null', ...args], { input })
  if (code === 0) return out
  throw new StartError(`sops refused: ${said.trim()}`)
}

const asYaml = ['--input-type', 'yaml', '--output-type', 'yaml']

/** Of a Kubernetes Secret only what it holds is encrypted; of anything else, all. */
const whatIsHidden = (text: string) =>
  /^kind: Secret$/m.test(text) ? ['--encrypted-regex', '^(data|stringData)$'] : []

/** YAML for those who hold one of the keys. Throws StartError. */
export const encrypted = (text: string, recipients: readonly string[]): Promise<string> =>
  sops(
    [
      'encrypt',
      '--age',
      recipients.join(','),
      ...whatIsHidden(text),
      ...asYaml,
      '--filename-override',
      'secret.yaml',
    ],
    text,
  )

/** The YAML as it was; the key is found as sops finds it. Throws StartError without one. */
export const decrypted = (text: string): Promise<string> =>
  sops(['decrypt', ...asYaml, '--filename-override', 'secret.yaml'], text)

const Encrypted = z.object({
  sops: z.object({ age: z.array(z.object({ recipient: z.string() })) }),
})

/** For whom a file is encrypted; empty for one that is not. */
export function recipientsOf(text: string): string[] {
  const parsed = Encrypted.safeParse(parse(text))
  return parsed.success ? parsed.data.sops.age.map(({ recipient }) => recipient) : []
}

/** A public key of age. */
export const isRecipient = (text: string) => /^age1[02-9ac-hj-np-z]{58}$/.test(text)
