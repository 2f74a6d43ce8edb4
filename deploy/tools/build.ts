import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { withFileLock } from '../../stack/file-lock.ts'
import { program } from '../../stack/program.ts'
import { builtPath, goPath, toolPath, toolsFolder } from './path.ts'
import { type DebianTool, type GoTool, type PythonTool, type Tool, toolNamed } from './table.ts'

/** One compiler at a time: two of Kubernetes' size starve each other and everybody else. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  await mkdir(toolsFolder(), { recursive: true })
  return withFileLock(join(toolsFolder(), 'build.lock'), work, 60)
}

/** As low as it gets: what people wait for comes first. */
const politely = () => (Bun.which('nice') ? ['nice', '-n', '10'] : [])

async function buildGo(tool: GoTool, target: string) {
  const go = goPath()
  if (!go) throw new Error(`${tool.name} is built by Go 1.26 or later, and there is none.`)
  const stamps = (tool.stamps ?? []).map((stamp) => ` -X ${stamp}`).join('')
  await program(
    [
      ...[...politely(), go, 'build', '-mod=readonly', '-trimpath', '-buildvcs=false'],
      ...['-ldflags', `-s -w${stamps}`, '-o', target, tool.source],
    ],
    { cwd: join(import.meta.dir, 'go', tool.folder), env: { CGO_ENABLED: '0', GOWORK: 'off' } },
  )
}

/** A machine may never have asked what there is; root may. */
async function downloadDebian(tool: DebianTool, folder: string) {
  const download = () => program(['apt-get', 'download', '-q', tool.package], { cwd: folder })
  try {
    await download()
  } catch (error) {
    if (process.getuid?.() !== 0) throw error
    await program(['apt-get', 'update', '-q'])
    await download()
  }
}

/** Needs no root: the package is fetched and unpacked, not installed. */
async function unpackDebian(tool: DebianTool, target: string) {
  const folder = `${dirname(target)}.unpacked`
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await downloadDebian(tool, folder)
  const [archive] = await Array.fromAsync(new Bun.Glob('*.deb').scan({ cwd: folder }))
  if (!archive) throw new Error(`apt-get fetched nothing for ${tool.package}.`)
  await program(['dpkg', '-x', join(folder, archive), folder])
  await copyFile(join(folder, tool.file), target)
  await chmod(target, 0o755)
  await rm(folder, { recursive: true })
}

/** Python writes its own path into what it installs: it is made where it stays. */
async function installPython(tool: PythonTool) {
  const environment = join(dirname(builtPath(tool)), '..')
  await rm(environment, { recursive: true, force: true })
  const packages = join(import.meta.dir, 'python', `${tool.name}.txt`)
  try {
    await program(['python3', '-m', 'venv', environment])
    const pip = [join(environment, 'bin/pip'), 'install', '-q', '--no-deps', '-r', packages]
    await program([...politely(), ...pip])
  } catch (error) {
    await rm(environment, { recursive: true, force: true })
    throw error
  }
}

async function make(tool: Tool) {
  if (tool.kind === 'python') return installPython(tool)
  const path = builtPath(tool)
  const aside = `${path}.new`
  await mkdir(dirname(path), { recursive: true })
  if (tool.kind === 'go') await buildGo(tool, aside)
  else await unpackDebian(tool, aside)
  await rename(aside, path)
}

/** Its path, after making it when it is missing; once for each version. Throws with the last of what was said. */
export async function ensureTool(name: string): Promise<string> {
  const tool = toolNamed(name)
  return (
    toolPath(name) ??
    alone(async () => {
      if (!toolPath(name)) await make(tool)
      return builtPath(tool)
    })
  )
}
