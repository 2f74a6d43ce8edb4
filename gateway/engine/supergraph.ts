export * from './supergraph/index.ts'
