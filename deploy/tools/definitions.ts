import { kubernetesVersion } from './table.ts'

/** A module of Go of which only files are read, known by the sum that Go computes of it. */
export type Module = { readonly path: string; readonly version: string; readonly sum: string }

export const kubernetes: Module = {
  path: 'k8s.io/kubernetes',
  version: kubernetesVersion,
  sum: 'h1:qDQdoMiluAE2Eab6Fa52YV+WjiGz9mZFFoagEA6cI+o=',
}

/** Where in Kubernetes' module its whole API is described. */
export const openApi = 'api/openapi-spec/swagger.json'

/** CustomResourceDefinitions that are published as files. */
export type Published = { readonly module: Module; readonly files: string }

export const published: readonly Published[] = [
  {
    module: {
      path: 'github.com/traefik/traefik/v3',
      version: '3.6.12',
      sum: 'h1:6pe4s7aaDTQs+AsF7KP3sM/xnq7zOVvibRQe5tw9eFo=',
    },
    files: 'docs/content/reference/dynamic-configuration/traefik.io_*.yaml',
  },
  {
    module: {
      path: 'github.com/cert-manager/cert-manager',
      version: '1.19.0',
      sum: 'h1:pPKtK06zPriliwq7B12xa7DGKbc4SvnfOjE0BXaAspk=',
    },
    files: 'deploy/crds/*.yaml',
  },
  {
    module: {
      path: 'github.com/cloudnative-pg/cloudnative-pg',
      version: '1.28.0',
      sum: 'h1:vkv0a0ewDSfJOPJrsyUr4uczsxheReAWf/k171V0Dm0=',
    },
    files: 'config/crd/bases/*.yaml',
  },
  {
    module: {
      path: 'github.com/cloudnative-pg/plugin-barman-cloud',
      version: '0.15.0',
      sum: 'h1:gNVytrzzYUE08wxLDrjfJqy1FPPSFkMe1OEr4s4pVI0=',
    },
    files: 'config/crd/bases/*.yaml',
  },
  {
    module: {
      path: 'github.com/fluxcd/source-controller',
      version: '1.9.5',
      sum: 'h1:MFPyCodUi9hZIMaKDsC/rYbNoyzpvrAdrPVixj7W9F0=',
    },
    files: 'config/crd/bases/*.yaml',
  },
  {
    module: {
      path: 'github.com/fluxcd/kustomize-controller',
      version: '1.9.5',
      sum: 'h1:/XY2zy3K7fntyppEXIHG7oRMzmfgIt50eJzUfaPX1Kc=',
    },
    files: 'config/crd/bases/*.yaml',
  },
  {
    module: {
      path: 'github.com/kedacore/keda/v2',
      version: '2.20.2',
      sum: 'h1:SR60v8uIcelbveS8n/1jcl8tLdBBIbHMxmdOHw8tKqA=',
    },
    files: 'config/crd/bases/*.yaml',
  },
]

/** Packages of `deploy/tools/go/flux-apis` of which controller-gen makes the definitions. */
export const generated: readonly string[] = [
  'github.com/fluxcd/notification-controller/api/v1',
  'github.com/fluxcd/notification-controller/api/v1beta3',
  'github.com/fluxcd/image-automation-controller/api/v1',
  'github.com/fluxcd/image-reflector-controller/api/v1',
]
