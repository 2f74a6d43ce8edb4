import { describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { toolPath } from '../../tools/path.ts'

const file = join(resolve(import.meta.dir, '../..'), 'vps/files/k3s.yaml')

/** k3s is these programs in one, and refuses to start where one of them does not know an argument. */
const programs = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet']

describe.each(programs)('%s', (name) => {
  const path = toolPath(name)

  test.skipIf(!path)(
    `knows every argument that k3s passes on to it${path ? '' : ' (not built here)'}`,
    async () => {
      const config = z.record(z.string(), z.unknown()).parse(parse(await readFile(file, 'utf8')))
      const args = z.array(z.string()).parse(config[`${name}-arg`])
      const help = Bun.spawnSync([path ?? '', '--help']).stdout.toString()
      const known = new Set([...help.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, flag]) => flag))
      expect(known.size).toBeGreaterThan(20)
      expect(args.map((arg) => arg.split('=')[0] ?? '').filter((flag) => !known.has(flag))).toEqual(
        [],
      )
    },
  )
})
