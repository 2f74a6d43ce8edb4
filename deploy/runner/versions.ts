import { statSync } from 'node:fs'
import { toolPath } from '../tools/path.ts'
import { toolNamed } from '../tools/table.ts'
import type { Version } from './report.ts'

/** The first line that looks like a version; programs do not agree on which stream to say it. */
function said(command: readonly string[]): string {
  const [name = '', ...args] = command
  const path = Bun.which(name) ?? name
  try {
    const { stdout, stderr } = Bun.spawnSync([path, ...args], { stderr: 'pipe' })
    const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim())
    return lines.find((line) => /\d+\.\d+/.test(line)) ?? 'does not say'
  } catch {
    return 'missing'
  }
}

/** The version that the table fixes, or what a program of Debian's says of itself. */
export function versionOf(name: string): Version {
  const tool = toolNamed(name)
  const path = toolPath(name)
  if (!path) return { name, version: 'missing' }
  if (tool.kind !== 'debian') return { name, version: tool.version }
  const isProgram = (statSync(path).mode & 0o111) !== 0 && !tool.file.includes('/share/')
  return { name, version: isProgram ? said([path, '--version']) : `a file of ${tool.package}` }
}

export const programVersion = (command: readonly string[]): Version => ({
  name: command[0] ?? '',
  version: said(command),
})
