import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cacheConfigFrom } from '../../stack/keycloak/config.ts'
import { type Tool, toolNamed } from './table.ts'

/** Where tools are kept once for every checkout of this person. */
export const toolsFolder = (): string => join(cacheConfigFrom(process.env).folder, 'tools')

const folderOf = (tool: Tool) =>
  tool.kind === 'debian' ? `${tool.name}-debian` : `${tool.name}-${tool.version}`

/** Below its folder. */
const fileOf = ({ kind, name }: Tool) => (kind === 'python' ? `venv/bin/${name}` : name)

/** Where `bun deploy/tools.ts` puts it, whether it is there or not. */
export const builtPath = (tool: Tool): string => join(toolsFolder(), folderOf(tool), fileOf(tool))

/** The tool as it can be run; null when this machine has none. What is Debian's may be installed too. */
export function toolPath(name: string): string | null {
  const tool = toolNamed(name)
  const built = builtPath(tool)
  if (existsSync(built)) return built
  return tool.kind === 'debian' ? Bun.which(name) : null
}

/** Throws with the command that makes it. */
export function requireTool(name: string): string {
  const path = toolPath(name)
  if (path) return path
  throw new Error(`${name} is missing: bun deploy/tools.ts ${name}`)
}

/** Go itself; null without it. */
export const goPath = (): string | null => Bun.which('go') ?? Bun.which('/usr/local/go/bin/go')

const canBeMade = (tool: Tool) => {
  if (tool.kind === 'go') return !tool.slow && goPath() !== null
  return Bun.which(tool.kind === 'python' ? 'python3' : 'apt-get') !== null
}

/**
 * Why a test cannot have the tool, or null when it can: by `ensureTool`, which makes it where
 * `CI=true`. There, one that can neither be found nor be made quickly is a failure.
 */
export function toolMissing(name: string, ci: boolean): string | null {
  if (toolPath(name)) return null
  if (!ci) return `no ${name}: bun deploy/tools.ts ${name}`
  if (canBeMade(toolNamed(name))) return null
  throw new Error(`CI=true needs ${name}: bun deploy/tools.ts ${name}`)
}
