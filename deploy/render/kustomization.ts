import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { objectsIn, readText } from './documents.ts'
import { RenderFault } from './fault.ts'

const Texts = z.record(z.string(), z.string())
const Paths = z.array(z.string()).default([])

const Options = z.strictObject({
  labels: Texts.default({}),
  annotations: Texts.default({}),
  disableNameSuffixHash: z.boolean().default(false),
  immutable: z.boolean().default(false),
})

const Generator = z.strictObject({
  name: z.string(),
  namespace: z.string().optional(),
  behavior: z.enum(['create', 'merge', 'replace']).default('create'),
  literals: Paths,
  files: Paths,
  envs: Paths,
  options: Options.prefault({}),
})
const SecretGenerator = Generator.extend({ type: z.string().default('Opaque') })

const Target = z.strictObject({
  group: z.string().optional(),
  version: z.string().optional(),
  kind: z.string().optional(),
  name: z.string().optional(),
  namespace: z.string().optional(),
  labelSelector: z.string().optional(),
  annotationSelector: z.string().optional(),
})

const Patch = z
  .strictObject({
    path: z.string().optional(),
    patch: z.string().optional(),
    target: Target.optional(),
  })
  .refine(({ path, patch }) => (path === undefined) !== (patch === undefined), {
    error: 'a patch is either a path or written out',
  })

const Image = z.strictObject({
  name: z.string(),
  newName: z.string().optional(),
  newTag: z.string().optional(),
  digest: z.string().optional(),
})

/** The part of kustomize that this product uses. Whatever else a file says is refused. */
const Kustomization = z.strictObject({
  apiVersion: z.enum(['kustomize.config.k8s.io/v1beta1', 'kustomize.config.k8s.io/v1alpha1']),
  kind: z.enum(['Kustomization', 'Component']),
  namespace: z.string().optional(),
  resources: Paths,
  components: Paths,
  configMapGenerator: z.array(Generator).default([]),
  secretGenerator: z.array(SecretGenerator).default([]),
  generatorOptions: Options.prefault({}),
  patches: z.array(Patch).default([]),
  labels: z
    .array(z.strictObject({ pairs: Texts, includeTemplates: z.boolean().default(false) }))
    .default([]),
  commonAnnotations: Texts.default({}),
  replicas: z.array(z.strictObject({ name: z.string(), count: z.number().int() })).default([]),
  images: z.array(Image).default([]),
})
export type Kustomization = z.output<typeof Kustomization>
export type Generator = z.output<typeof Generator> & { readonly type?: string }
export type Options = z.output<typeof Options>
export type Target = z.output<typeof Target>
export type Patch = z.output<typeof Patch>
export type Image = z.output<typeof Image>

export const kustomizationFile = 'kustomization.yaml'

export const isKustomized = (folder: string): boolean => existsSync(join(folder, kustomizationFile))

const faultOf = (issue: z.core.$ZodIssue): string => {
  const field = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return `${field || 'the file'}: ${issue.message}`
  const names = issue.keys.map((key) => (field ? `${field}.${key}` : key))
  return `${names.join(', ')}: this field is not of the part of kustomize that is used here`
}

/** The kustomization of a folder. Throws with the file and the field that it may not have. */
export function readKustomization(folder: string): Kustomization {
  const path = join(folder, kustomizationFile)
  const [value, ...more] = objectsIn(readText(path, folder), path)
  if (!value || more.length > 0) throw new RenderFault(path, 'one document is expected')
  const parsed = Kustomization.safeParse(value)
  if (!parsed.success) throw new RenderFault(path, parsed.error.issues.map(faultOf).join('; '))
  return parsed.data
}
