import type { NotRun } from '../runner/not-run.ts'

export const drillNotRun: readonly NotRun[] = [
  {
    step: 'pgBackRest on PostgreSQL 18, and the image of deploy/postgres itself',
    why: 'its packages come from the archive of PostgreSQL, which cannot be reached: the same scripts run on the newest PostgreSQL and pgBackRest of this machine, and 18 is drilled by its low-level interface',
  },
  {
    step: "the product's own schema under pgBackRest",
    why: 'it needs functions of PostgreSQL 18 (uuidv7 and others): a synthetic set of 1,000,000 rows stands for it there, the real schema and the demo data are in the drill on 18',
  },
  {
    step: 'Keycloak itself on the restored database',
    why: 'the database `keycloak` of the drill holds the realm file in a table: that every database of a server comes back together is what is proven',
  },
  {
    step: 'a bucket (S3) as repository',
    why: 'there is no object store here: a mounted folder is what ran; the component backup-s3 is rendered and held to the rules only',
  },
  {
    step: 'recovery by CloudNativePG',
    why: 'the operator and its plugin need a cluster and images: validated as manifests',
  },
  {
    step: 'the installation of a new machine and of k3s, and pulling images',
    why: 'that part of a rebuild has no network here: what is measured begins with an empty disk for the data and ends with the first answer to a person',
  },
]
